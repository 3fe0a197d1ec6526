// @ts-check
// A failure that a person can act on: what failed, why, and what to do.

/** Thrown by a set-up step; its text is written for the person at the terminal. */
export class SetupFailure extends Error {
  /**
   * @param {string} what  what failed, one line
   * @param {string} why   the reason, one or more lines
   * @param {string[]} whatToDo  ways out, best first
   */
  constructor(what, why, whatToDo) {
    super(what);
    this.name = 'SetupFailure';
    this.why = why;
    this.whatToDo = whatToDo;
  }
}

/**
 * @param {unknown} error
 * @returns {string} the text for the terminal
 */
export function failureText(error) {
  if (error instanceof SetupFailure) {
    const why = error.why.trim().split('\n');
    const todo = error.whatToDo.map((line) => `    - ${line}`);
    return [`✗ ${error.message}`, ...why.map((line) => `    ${line}`), '  What to do:', ...todo].join('\n');
  }
  if (error instanceof Error) return `✗ ${error.stack ?? error.message}`;
  return `✗ ${String(error)}`;
}
