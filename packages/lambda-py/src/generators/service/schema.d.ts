import type { Architecture } from '../../workspace/runtimes';
import type { InfrastructureName } from './infrastructure';

/** The options of the generator `lambda-py:service`; schema.json describes them. */
export interface ServiceGeneratorSchema {
  name: string;
  directory?: string;
  source?: 'api' | 'direct';
  infra?: InfrastructureName;
  runtime?: string;
  architecture?: Architecture;
  description?: string;
  tags?: string;
  skipLock?: boolean;
}
