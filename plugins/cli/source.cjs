// Runs the command line from its TypeScript; started by bin.cjs.
require('./main.ts').main()
