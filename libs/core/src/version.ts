/** Of this program, as package.json has it. */
export const VERSION = '0.1.0';

/** How ANIKA names itself to endpoints. */
export const USER_AGENT = `ANIKA/${VERSION}`;
