// What is done where something is out of sync: one module, so that one is loaded when it is needed.
export { writeRequirements } from '../shared/write-requirements';
export { restoreToolchain } from './restore-toolchain';
