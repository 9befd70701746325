/** The options of the generator `lambda-py:layer`; schema.json describes them. */
export interface LayerGeneratorSchema {
  name: string;
  dependencies: string;
  directory?: string;
  runtime?: string;
  architecture?: 'x86_64' | 'arm64';
  description?: string;
  tags?: string;
  skipLock?: boolean;
}
