import tseslint from 'typescript-eslint'

/**
 * Loops over typed arrays whose index is in bounds by construction. A default or a check at every element would cost
 * what these files are for, and would read as if the element could be missing.
 */
const kernels = [
  ...[
    'byte-table',
    'id-set',
    'line-reader',
    'moments',
    'record-sheet',
    'sheet-collector',
    'tally-counter',
  ].map((file) => `src/pipeline/${file}.ts`),
  ...['column', 'columns', 'day-list', 'difference', 'first-form', 'meter', 'overlay', 'pack-reader'].map(
    (file) => `src/scoring/${file}.ts`,
  ),
  ...['rules', 'school', 'tallies'].map((file) => `src/scoring/${file}.ts`),
  ...['activity', 'csv'].map((file) => `src/demo/${file}.ts`),
  'src/ranking/order.ts',
  'src/nudges/candidate.ts',
]

export default tseslint.config(
  { ignores: ['**/lib/**', '**/dist/**', '**/node_modules/**', '**/*.json'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: new URL('..', import.meta.url).pathname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: kernels,
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // A test that asserts too much fails, which is what it is for; a file that holds one table of cases is read whole.
    files: ['tests/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'max-lines': ['error', { max: 550 }] },
  },
  {
    files: ['plugins/office/page/**/*.ts'],
    languageOptions: { parserOptions: { project: './plugins/office/page/tsconfig.json' } },
  },
  {
    files: ['.tools/**', '**/*.cjs', '**/*.mjs', 'tests/bench/**', 'plugins/cli/**'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
)
