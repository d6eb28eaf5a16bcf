/**
 * @file F4: windows that overhang the end in ceil mode: their number and their divisor, forward and backward.
 */
export const ceil = {
  title: 'the overhang of ceil mode, and what divides it',
  tests: ['test/ops/legal-inputs', 'test/ops/golden.test.ts'],
  mutants: [
    {
      name: 'the overhang of ceil mode counts as padding',
      file: 'src/plan/axis.ts',
      find: 'countPadding ? (i) => tapsBefore(inSize + padAfter, startOf(i)) : taps',
      replace: 'countPadding ? () => window : taps',
    },
    {
      name: 'a last window may lie entirely in the padding',
      file: 'src/plan/padding.ts',
      find: 'return ceilMode && (size - 1) * stride >= inSize + padBefore ? size - 1 : size',
      replace: 'return size',
    },
    {
      name: 'gradients of means in WebAssembly are divided by the full window',
      file: 'src/plan/transpose.ts',
      find: 'return { ...source!, begin: source!.begin + origin, outSize: inSize }',
      replace:
        'const full = source!.regular?.window\n  const rule = full ? { ...source!.rule, divisor: () => full } : source!.rule\n  return { ...source!, rule, begin: source!.begin + origin, outSize: inSize }',
      tests: ['test/ops/shapes', 'test/ops/golden.test.ts', 'test/kernels/kernels-'],
    },
    {
      name: 'averages in plain loops never count padding',
      file: 'src/kernels/scalar/window-table.ts',
      find: 'divisors[axis]![i] = Math.max(1, divisorOf(axes[axis]!, position[axis]!))',
      replace: 'divisors[axis]![i] = Math.max(1, tapsOf(axes[axis]!, position[axis]!))',
    },
    {
      name: 'the gradient of a norm ignores the scaling of cut windows',
      file: 'src/kernels/wasm/norms/lp-grad.ts',
      find: '    multiplyBy(op, scaled, size, scale)\n',
      replace: '',
      tests: ['test/ops/gradients.test.ts'],
    },
    {
      name: 'averages in a padded plane of a volume do not count its padding',
      file: 'src/kernels/wasm/folds/specialized.ts',
      find: 'only ?? divisor[i]! * times',
      replace: 'only ?? divisor[i]!',
      tests: ['test/kernels/kernels-'],
    },
    {
      name: 'a plane between the taps of a volume is read',
      file: 'src/kernels/wasm/folds/specialized.ts',
      find: 'inSize === 1 && outSize === 1 && tapsOf(axes[0], 0) === 1',
      replace: 'inSize === 1 && outSize === 1',
      tests: ['test/kernels/kernels-'],
    },
    {
      name: 'pads at the end count as pads at the start',
      file: 'src/plan/axis.ts',
      find: 'tapsBefore(inSize + padAfter, startOf(i))',
      replace: 'tapsBefore(inSize + padBefore, startOf(i))',
      tests: ['test/plan', 'test/ops/shapes'],
    },
  ],
}
