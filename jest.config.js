/** Projects: unit needs nothing; the others need the servers that `npm test` starts (see infra/local/test.mjs). */
const base = {
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@offload/client$': '<rootDir>/libs/client/src/client',
    '^@offload/(contracts|runtime|broker|store|outbound|worker)/(.*)$': '<rootDir>/libs/$1/src/$2',
  },
  modulePathIgnorePatterns: ['<rootDir>/.local/', '/dist/'],
};

const unit = [
  '<rootDir>/libs/**/*.test.ts',
  '<rootDir>/services/**/*.test.ts',
  '<rootDir>/infra/**/*.test.ts',
  '<rootDir>/test/*.test.ts',
  '!**/*.integration.test.ts',
];

export default {
  // Tests wait for signals, each with a limit of its own; this one only ends what hangs. Files with longer ways say so.
  testTimeout: 30_000,
  projects: [
    { ...base, displayName: 'unit', testMatch: unit },
    { ...base, displayName: 'integration', testMatch: ['<rootDir>/**/*.integration.test.ts'] },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/*.test.ts'] },
    { ...base, displayName: 'browser', testMatch: ['<rootDir>/test/browser/*.test.ts'] },
    { ...base, displayName: 'chaos', testMatch: ['<rootDir>/test/chaos/*.test.ts'] },
    {
      ...base,
      displayName: 'long',
      testMatch: ['<rootDir>/test/chaos/long/*.test.ts', '<rootDir>/test/long/*.test.ts'],
    },
  ],
};
