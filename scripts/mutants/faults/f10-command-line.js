/**
 * @file F10: files that the command line leaves behind or overwrites, and messages in words that its users do not know.
 */
export const commandLine = {
  title: 'the command line',
  tests: ['test/cli/files.test.ts', 'test/cli/usage.test.ts'],
  mutants: [
    {
      name: 'two paths of one file count as two files',
      file: 'src/cli/files/file-claims.ts',
      find: '    return realpathSync.native(folder)\n',
      replace: '    return folder\n',
    },
    {
      name: 'names that differ in case count as two files where case is ignored',
      file: 'src/cli/files/file-claims.ts',
      find: 'return other !== undefined && one?.ino === other.ino && one.dev === other.dev',
      replace: 'return false',
      tests: ['test/cli/file-claims.test.ts'],
    },
    {
      name: 'a replaced file loses its permissions',
      file: 'src/cli/files/write-files.ts',
      find: '      if (replaced !== undefined) keepAccess(descriptor, replaced)\n',
      replace: '',
    },
    {
      name: 'a temporary file is registered too late for cleaning up',
      file: 'src/cli/files/write-files.ts',
      find: '    staged.add(temporary)\n    try {\n      await write(descriptor, bytes)\n',
      replace: '    try {\n      await write(descriptor, bytes)\n      staged.add(temporary)\n',
    },
    {
      name: 'results of an earlier run count as inputs',
      file: 'src/cli/files/results-among-inputs.ts',
      find: 'if (resultOf === undefined || resultOf === name) kept.push(input)',
      replace: 'kept.push(input)\n    if (resultOf === undefined || resultOf === name) continue',
    },
    {
      name: 'quoted text counts as an option',
      file: 'src/cli/options/flags.ts',
      find: '  /"(?:[^"\\\\]|\\\\.)*"|\\b',
      replace: '  /\\b',
    },
    {
      name: 'a long array is cut inside a plane',
      file: 'src/cli/pool-in-pieces.ts',
      find: 'part.data.length\n',
      replace: 'part.data.length - 1\n',
      tests: ['test/cli/reports.test.ts'],
    },
    {
      name: 'a full standard output is reported as an internal error',
      file: 'src/cli/io.ts',
      find: '    throw unwritten(\'standard output\', cause)\n  }\n}\n\n/** @throws PoolError "BAD_PATH" if the result',
      replace: '    throw cause\n  }\n}\n\n/** @throws PoolError "BAD_PATH" if the result',
      tests: ['test/cli/streams.test.ts'],
    },
    {
      name: 'the value for missing data of a TIFF is pooled as a number',
      file: 'src/cli/commands/pool-file.ts',
      find: 'if (nodata === undefined || settings.nodata !== undefined',
      replace: 'if (nodata !== undefined || settings.nodata !== undefined',
      tests: ['test/cli/masks.test.ts'],
    },
    {
      name: 'a mask may be overwritten by the result',
      file: 'src/cli/commands/pool.ts',
      find: 'maskName === undefined ? inputs : [...inputs, maskName]',
      replace: 'maskName === undefined ? inputs : [...inputs]',
      tests: ['test/cli/masks.test.ts'],
    },
    {
      name: 'a page that is asked for is taken from what was decoded early',
      file: 'src/cli/early-picture.ts',
      find: "'--page', ",
      replace: '',
      tests: ['test/cli/early-picture.test.ts'],
    },
  ],
}
