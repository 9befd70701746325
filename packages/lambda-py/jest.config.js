const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  displayName: 'lambda-py',
  testEnvironment: 'node',
  roots: ['<rootDir>/src'],
  testMatch: ['**/*.spec.ts'],
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      },
    ],
  },
  // The one dependency that is published as ES modules alone; Node loads it by import(), Jest needs it transformed.
  transformIgnorePatterns: ['/node_modules/(?!@decimalturn/toml-patch/)'],
  setupFiles: ['<rootDir>/src/testing/own-process.ts'],
  coverageDirectory: '../../coverage/packages/lambda-py',
  testTimeout: 60_000,
  // Many specs wait for processes: on two cores, Jest's own choice of one worker is slower.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
