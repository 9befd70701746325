/** The options of the generator `lambda-py:init`; schema.json describes them. */
export interface InitGeneratorSchema {
  skipLock?: boolean;
  pipTools?: boolean;
  keepExistingVersions?: boolean;
  updatePackageScripts?: boolean;
}
