/** The options of the generator `lambda-py:library`; schema.json describes them. */
export interface LibraryGeneratorSchema {
  name: string;
  directory?: string;
  description?: string;
  tags?: string;
  skipLock?: boolean;
}
