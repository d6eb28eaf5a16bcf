/**
 * @file F10: what the command line leaves behind, overwrites, or says in other words than its user's.
 */
export const commandLine = {
  title: 'the command line',
  tests: ['test/cli/files.test.ts', 'test/cli/usage.test.ts'],
  mutants: [
    {
      name: 'places are told apart by their paths',
      file: 'src/cli/files/places.ts',
      find: '    return realpathSync.native(folder)\n',
      replace: '    return folder\n',
    },
    {
      name: 'folders that ignore case do not count',
      file: 'src/cli/files/places.ts',
      find: 'return other !== undefined && one?.ino === other.ino && one.dev === other.dev',
      replace: 'return false',
      tests: ['test/cli/places.test.ts'],
    },
    {
      name: 'a file that is replaced opens to all',
      file: 'src/cli/files/write-files.ts',
      find: '      if (replaced !== undefined) keepAccess(descriptor, replaced)\n',
      replace: '',
    },
    {
      name: 'a staged file is noted too late',
      file: 'src/cli/files/write-files.ts',
      find: '    staged.add(temporary)\n    try {\n      await write(descriptor, bytes)\n',
      replace: '    try {\n      await write(descriptor, bytes)\n      staged.add(temporary)\n',
    },
    {
      name: 'results among the inputs are inputs',
      file: 'src/cli/files/results-among-inputs.ts',
      find: 'if (resultOf === undefined || resultOf === name) kept.push(input)',
      replace: 'kept.push(input)\n    if (resultOf === undefined || resultOf === name) continue',
    },
    {
      name: 'texts in quotes are taken for options',
      file: 'src/cli/options/flags.ts',
      find: '  /"(?:[^"\\\\]|\\\\.)*"|\\b',
      replace: '  /\\b',
    },
    {
      name: 'a long array is cut where its planes are not',
      file: 'src/cli/pool-in-pieces.ts',
      find: 'part.data.length\n',
      replace: 'part.data.length - 1\n',
      tests: ['test/cli/reports.test.ts'],
    },
    {
      name: 'standard output that is full is a fault of the program',
      file: 'src/cli/io.ts',
      find: '    throw unwritten(\'standard output\', cause)\n  }\n}\n\n/** @throws PoolError "BAD_PATH" if the result',
      replace: '    throw cause\n  }\n}\n\n/** @throws PoolError "BAD_PATH" if the result',
      tests: ['test/cli/streams.test.ts'],
    },
  ],
}
