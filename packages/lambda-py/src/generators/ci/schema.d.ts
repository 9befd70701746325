/** The options of the generator `lambda-py:ci`; schema.json describes them. */
export interface CiGeneratorSchema {
  provider: 'github' | 'gitlab' | 'bamboo';
  stages?: string;
  mainBranch?: string;
}
