import { removeInstallation } from './installation';

/** Takes back what the set-up has done, and fails where a spec has changed what all share. */
export default removeInstallation;
