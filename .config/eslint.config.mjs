import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['**/lib/**', '**/dist/**', '**/node_modules/**', '**/*.json'] },
  ...tseslint.configs.recommended,
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
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-object-type': 'off',
      'max-lines': ['warn', { max: 320 }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
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
