import type { Architecture } from '../../workspace/runtimes';

/** The options of the generator `lambda-py:service`; schema.json describes them. */
export interface ServiceGeneratorSchema {
  name: string;
  directory?: string;
  source?: 'api' | 'direct';
  runtime?: string;
  architecture?: Architecture;
  description?: string;
  tags?: string;
  skipLock?: boolean;
}
