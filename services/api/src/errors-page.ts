import { taskErrors } from '@offload/contracts/error-codes';
import type { ErrorMeaning } from '@offload/contracts/error-meaning';
import { problemGuide, type ProblemGuide } from './problem-guide.js';
import { problems, type ProblemCode } from './problem.js';

/** What is said of one code. */
interface Section {
  /** The heading, and the anchor that GitHub and our own page make of it. */
  anchor: string;
  title: string;
  facts: [string, string][];
}

interface Chapter {
  title: string;
  intro: string;
  sections: Section[];
}

const INTRO =
  'Every answer of the API with a status of 400 or more is application/problem+json (RFC 9457): its `type` leads ' +
  'here, `code` is for programs, `detail` says what is wrong this time, `errors` names each place in body or query, ' +
  'and `requestId` finds it in the log. Codes and what they mean do not change; new ones may come.';

const TASKS_INTRO =
  'A task that failed, or an attempt that did, says why in `error`: `code` for programs, `message` for people.';

function problemSection(code: ProblemCode): Section {
  const { status, title } = problems[code];
  const { when, advice, retry }: ProblemGuide = problemGuide[code];
  const facts: [string, string][] = [
    ['Status', `${status}`],
    ['When', when],
    ['What to do', advice],
    ['The same request again', retry === 'yes' ? 'can succeed later' : 'gets the same answer'],
  ];
  return { anchor: code, title: `${title}.`, facts };
}

const RETRIED: Record<ErrorMeaning['retried'], string> = {
  yes: 'yes, as often as its attempts allow',
  no: 'no',
  once: 'once more',
  'see below': 'it depends',
};

const taskSection = ([code, { when, advice, retried }]: [string, ErrorMeaning]): Section => ({
  anchor: `task-${code.replaceAll(/[<>]/g, '')}`,
  title: when,
  facts: [
    ['Code', `\`${code}\``],
    ['Tried again by itself', RETRIED[retried]],
    ['What to do', advice],
  ],
});

function chapters(): Chapter[] {
  return [
    {
      title: 'Problems of requests',
      intro: INTRO,
      sections: (Object.keys(problems) as ProblemCode[]).map(problemSection),
    },
    ...Object.entries(taskErrors).map(([of, errors], n) => ({
      title: `Failed tasks: ${of}`,
      intro: n === 0 ? TASKS_INTRO : '',
      sections: Object.entries(errors).map(taskSection),
    })),
  ];
}

/** docs/errors.md. */
export const errorsPage = (): string =>
  [
    '# Errors',
    'Made from `services/api/src/problem*.ts` and `libs/contracts/src/error-codes.ts` by `npm run gen`; do not edit. ' +
      'The API serves it as `/docs/errors`.',
    ...chapters().flatMap(({ title, intro, sections }) => [
      `## ${title}`,
      ...(intro === '' ? [] : [intro]),
      ...sections.flatMap((section) => [
        `### ${section.anchor}`,
        section.title,
        section.facts.map(([name, text]) => `- ${name}: ${text}`).join('\n'),
      ]),
    ]),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');

/** The same as the body of an HTML page. */
export const errorsHtml = (): string =>
  `<main><h1>Errors</h1>${chapters()
    .map(
      ({ title, intro, sections }) =>
        `<h2>${inHtml(title)}</h2><p>${inHtml(intro)}</p>${sections.map(sectionInHtml).join('\n')}`,
    )
    .join('\n')}</main>`;

const sectionInHtml = ({ anchor, title, facts }: Section): string =>
  `<section id="${anchor}"><h3><a href="#${anchor}">${anchor}</a></h3><p>${inHtml(title)}</p><ul>${facts
    .map(([name, text]) => `<li>${name}: ${inHtml(text)}</li>`)
    .join('')}</ul></section>`;

const inHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]*)`/g, '<code>$1</code>');
