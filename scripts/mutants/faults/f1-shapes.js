/**
 * @file F1: geometry is taken from one tensor, and another is read without having been compared with it.
 */
export const shapes = {
  title: 'a second tensor that is not compared with the first',
  tests: ['test/ops/bad-inputs'],
  mutants: [
    {
      name: 'the gradient may have any shape',
      file: 'src/ops/call.ts',
      find: `  assertSameShape(op, 'dy', gradient.shape, shape, "the output's shape for this input")\n`,
      replace: '',
    },
    {
      name: 'the gradient of an unpooling may have any shape',
      file: 'src/ops/reduce/unpool.ts',
      find: '  const gradient = gradientOf(call, dy)\n',
      replace: '  const gradient = dy as Tensor\n',
    },
    {
      name: 'indices may have any shape',
      file: 'src/ops/reduce/indices.ts',
      find: `  assertSameShape(op, 'indices', given, shape, why)\n`,
      replace: '',
    },
    {
      name: 'random samples may have any shape',
      file: 'src/ops/geometry/fractional.ts',
      find: `  assertSameShape(op, 'randomSamples', samples.shape, shape, 'batch, channels and pooled axes of x')\n`,
      replace: '',
    },
    {
      name: "the caller's output may have any length",
      file: 'src/ops/buffers.ts',
      find: `  assertLength(op, 'out', data, shape, "the output's shape")\n`,
      replace: '',
    },
  ],
}
