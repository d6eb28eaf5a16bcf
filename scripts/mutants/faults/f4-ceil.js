/**
 * @file F4: windows that ceil mode lets hang over the end: how many there are, and what divides them, forward and backward.
 */
export const ceil = {
  title: 'the overhang of ceil mode, and what divides it',
  tests: ['test/ops/legal-inputs', 'test/ops/golden.test.ts'],
  mutants: [
    {
      name: 'the overhang counts as padding',
      file: 'src/plan/axis.ts',
      find: 'divisor[i] = countPadding ? tapsBefore(inSize + padAfter) : taps[i]!',
      replace: 'divisor[i] = countPadding ? window : taps[i]!',
    },
    {
      name: 'a last window may lie in the padding as a whole',
      file: 'src/plan/padding.ts',
      find: 'return ceilMode && (size - 1) * stride >= inSize + padBefore ? size - 1 : size',
      replace: 'return size',
    },
    {
      name: 'gradients of means in WebAssembly are divided by the full window',
      file: 'src/kernels/wasm/frame.ts',
      find: 'shares: shared?.[i]?.divisor ?? null,',
      replace: 'shares: shared?.[i]?.divisor.map((count) => shared[i]?.regular?.window ?? count) ?? null,',
      tests: ['test/ops/shapes', 'test/ops/golden.test.ts', 'test/kernels/kernels.test.ts'],
    },
    {
      name: 'plain means never count padding',
      file: 'src/kernels/scalar/slab.ts',
      find: 'divisors[axis]![i] = Math.max(1, counts[position[axis]!]!)',
      replace: 'divisors[axis]![i] = Math.max(1, axes[axis]!.taps[position[axis]!]!)',
    },
    {
      name: 'the gradient of a norm forgets that a cut window is scaled up',
      file: 'src/kernels/wasm/norm.ts',
      find: '    multiplyBy(machine, scaled, size, scale)\n',
      replace: '',
      tests: ['test/ops/gradients.test.ts'],
    },
    {
      name: 'means of a padded layer do not count its padding',
      file: 'src/kernels/wasm/special.ts',
      find: 'only ?? axis.divisor[i]! * times',
      replace: 'only ?? axis.divisor[i]!',
      tests: ['test/kernels/kernels.test.ts'],
    },
    {
      name: 'a layer between the taps is read',
      file: 'src/kernels/wasm/special.ts',
      find: 'inSize === 1 && outSize === 1 && taps[0] === 1',
      replace: 'inSize === 1 && outSize === 1',
      tests: ['test/kernels/kernels.test.ts'],
    },
    {
      name: 'pads at the end count as pads at the start',
      file: 'src/plan/axis.ts',
      find: 'divisor[i] = countPadding ? tapsBefore(inSize + padAfter) : taps[i]!',
      replace: 'divisor[i] = countPadding ? tapsBefore(inSize + padBefore) : taps[i]!',
      tests: ['test/plan', 'test/ops/shapes'],
    },
  ],
}
