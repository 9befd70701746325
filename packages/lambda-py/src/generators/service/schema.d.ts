import type { Architecture } from '../../workspace/runtimes';
import type { InfrastructureName } from './infrastructure';
import type { SourceName } from './sources';

/** The options of the generator `lambda-py:service`; schema.json describes them. */
export interface ServiceGeneratorSchema {
  name: string;
  directory?: string;
  source?: SourceName;
  infra?: InfrastructureName;
  runtime?: string;
  architecture?: Architecture;
  tracing?: boolean;
  httpClient?: boolean;
  description?: string;
  tags?: string;
  skipLock?: boolean;
}
