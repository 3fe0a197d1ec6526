/** What a code of a failed task, or of a failed attempt, means. docs/errors.md is made of it. */
export interface ErrorMeaning {
  /** `yes`: the task is tried again by itself, as often as its attempts allow. `once`: one more attempt is made. */
  retried: 'yes' | 'no' | 'once' | 'see below';
  when: string;
  /** What its submitter or the operator can do. */
  advice: string;
}

export const meaning =
  (retried: ErrorMeaning['retried']) =>
  (when: string, advice: string): ErrorMeaning => ({ retried, when, advice });
export const retried = meaning('yes');
export const final = meaning('no');

export const LATER = 'Nothing, unless it lasts: the task is tried again.';
export const SEE_MESSAGE =
  'Correct the input as the message says, and submit it anew (or retry it with another input).';
export const OPERATOR = 'The operator of the workers has to mend it; then retry the task.';
export const OURS =
  'It is a fault of the worker: report it with the task’s id, and retry the task with the next version.';
