/**
 * @file F11: arguments that are read twice, or are trusted without a check.
 */
export const callerArguments = {
  title: 'arguments that are read twice, or are not what they look like',
  tests: ['test/ops/bad-inputs/caller-arrays.test.ts'],
  mutants: [
    {
      name: 'a frozen shape counts as checked',
      file: 'src/tensor/tensor.ts',
      find: `    this.shape = parseShape('Tensor', 'shape', shape)\n`,
      replace: `    this.shape = Object.isFrozen(shape) ? shape : parseShape('Tensor', 'shape', shape)\n`,
    },
    {
      name: 'option arrays may have holes',
      file: 'src/tensor/read-options.ts',
      find: '    own.push(Array.isArray(entry) ? copy(op, argument, entry, depth + 1) : entry)\n',
      replace:
        '    if (i in value) own[i] = Array.isArray(entry) ? copy(op, argument, entry, depth + 1) : entry\n',
    },
    {
      name: 'strides of a view may have holes',
      file: 'src/tensor/as-tensor.ts',
      find: '      ? Array.from({ length: rank }, (_, axis) => (stride as ArrayLike<number>)[axis]!)\n',
      replace: '      ? (stride as number[])\n',
    },
    {
      name: 'option arrays may contain themselves',
      file: 'src/tensor/read-options.ts',
      find: '  if (length > mostEntries || depth > 2) {\n',
      replace: '  if (length > mostEntries) {\n',
    },
    {
      name: 'windows may extend past 2^53',
      file: 'src/ops/options/parse.ts',
      find: '  if (extent <= largestExtent) return\n',
      replace: '  return\n',
    },
    {
      name: 'an output is read again after the checks',
      file: 'src/ops/call.ts',
      find: 'return { settings, counting, at, given: own }',
      replace: 'return { settings, counting, at, given: options as Given }',
      tests: ['test/ops/read-once.test.ts'],
    },
    {
      name: "a layer checks the caller's options and keeps a later copy",
      file: 'src/layers/layer.ts',
      find: '        operation().check(own)\n',
      replace: '        operation().check(options)\n',
      tests: ['test/ops/read-once.test.ts'],
    },
    {
      name: 'bigints of another realm are zeroed as numbers',
      file: 'src/ops/buffers.ts',
      find: `zeroed.data.fill((like.dtype.endsWith('int64') ? 0n : 0) as never)`,
      replace: 'zeroed.data.fill((zeroed.data instanceof BigInt64Array ? 0n : 0) as never)',
      tests: ['test/tensor/forms.test.ts'],
    },
    {
      name: 'an option name of another framework gets no suggestion',
      file: 'src/tensor/near-name.ts',
      find: '    (other) => synonyms.some((words) => words.includes(word) && words.includes(other)),\n',
      replace: '',
      tests: ['test/tensor/near-name.test.ts'],
    },
  ],
}
