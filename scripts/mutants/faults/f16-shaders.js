/**
 * @file F16: shaders that trust a device's floats, or another geometry than the plan's.
 */
const [contract, masks, large, rows] = [
  'test/webgpu/contract.test.ts',
  'test/webgpu/masks.test.ts',
  'test/webgpu/large-windows.test.ts',
  'test/webgpu/rows.test.ts',
]

export const shaders = {
  title: 'shaders that trust floats, or lose what the plan says',
  tests: [contract],
  mutants: [
    {
      name: 'elements are compared as floats',
      file: 'src/adapters/webgpu/wgsl/extremum.ts',
      find: '!found || key > best',
      replace: '!found || bitcast<f32>(bits) > bitcast<f32>(value)',
    },
    {
      name: '-0 has a key below that of 0',
      file: 'src/adapters/webgpu/wgsl/extremum.ts',
      find: '((bits >> 31u) == 1u) & (magnitude != 0u)',
      replace: '((bits >> 31u) == 1u)',
    },
    {
      name: 'of several NaN the first is picked',
      file: 'src/adapters/webgpu/wgsl/extremum.ts',
      find: '` || key == 0xffffffffu`',
      replace: '``',
    },
    {
      name: 'elements become floats on the way from their buffer',
      file: 'src/adapters/webgpu/wgsl/extremum.ts',
      find: 'let bits = read_x(source)',
      replace: 'let bits = bitcast<u32>(bitcast<f32>(read_x(source)) * f32(run.end / run.end))',
    },
    {
      name: 'gradients divide by the taps of the transposed plan',
      file: 'src/adapters/webgpu/plan-tables.ts',
      find: '[first, taps, tablesOf(source).divisor]',
      replace: '[first, taps, tablesOf(axis).divisor]',
    },
    {
      name: 'masks are forgotten',
      file: 'src/adapters/webgpu/wgsl/windows.ts',
      find: 'if (read_map(source) == 0u) { continue; }',
      replace: '',
      tests: [masks],
    },
    {
      name: 'of several NaN that a workgroup folds the first is picked',
      file: 'src/adapters/webgpu/wgsl/extremum.ts',
      find: "'(b.y < a.y) != (a.x == 0xffffffffu)'",
      replace: "'b.y < a.y'",
      tests: [large],
    },
    {
      name: 'doubled sums read an entry twice',
      file: 'src/adapters/webgpu/wgsl/doubling.ts',
      find: '(taps[j] & (reach - 1u)) * step0',
      replace: '(taps[j] & (reach >> 1u)) * step0',
      tests: [large],
    },
    {
      name: 'a tree leaves out half of its threads',
      file: 'src/adapters/webgpu/wgsl/tree.ts',
      find: 'rest = shares / 2u',
      replace: 'rest = shares / 4u',
      tests: [large],
    },
    {
      name: 'four neighbours have the places of the first',
      file: 'src/adapters/webgpu/wgsl/rows.ts',
      find: 'let place = begin + $',
      replace: 'let place = begin + 0u * $',
      tests: [rows],
    },
    {
      name: 'the gaps between rows of textures are taken for pixels',
      file: 'src/adapters/webgpu/texture.ts',
      find: 'move(stride, width, [tensor, padded])',
      replace: 'move(width, width, [tensor, padded])',
      tests: ['test/webgpu/textures.test.ts'],
    },
    {
      name: 'of the threads that share a window two are not combined',
      file: 'src/adapters/webgpu/wgsl/sharing.ts',
      find: 'rest > 0u; rest /= 2u',
      replace: 'rest > 1u; rest /= 2u',
      tests: ['test/webgpu/shared-windows.test.ts'],
    },
    {
      name: 'four neighbours take what lies past the end of their row',
      file: 'src/adapters/webgpu/wgsl/rows.ts',
      find: 'tap >= window - overhang',
      replace: 'tap > window - overhang',
      tests: [rows],
    },
    {
      name: 'four channels read the first',
      file: 'src/adapters/webgpu/wgsl/channels.ts',
      find: "'xyzw'[number]",
      replace: "'xyzw'[0 * number]",
      tests: [rows],
    },
    {
      name: 'elements that a mask leaves out are compared along axes',
      file: 'src/adapters/webgpu/wgsl/extremum.ts',
      find: "windows.counted === null ? isPartial : 'read_map(source) == 0u'",
      replace: 'isPartial',
      tests: ['test/webgpu/counted-passes.test.ts'],
    },
    {
      name: 'passes along axes divide by windows, not by what counts',
      file: 'src/adapters/webgpu/forward-steps.ts',
      find: "    divisors: 'output',\n    counted: counting?.divisor ?? null,\n  }\n  const shader = { dtype: sums",
      replace:
        "    divisors: 'output',\n    counted: counting === null ? null : 'plan',\n  }\n  const shader = { dtype: sums",
      tests: ['test/webgpu/counted-passes.test.ts'],
    },
    {
      name: 'indices are searched from one column on',
      file: 'src/adapters/webgpu/wgsl/by-index.ts',
      find: 'if (column < i',
      replace: 'if (column <= i',
      tests: [large],
    },
    {
      name: 'indices of windows that leave elements out are searched',
      file: 'src/adapters/webgpu/gradient-steps.ts',
      find: 'planes === null && job.counting === null && job.leavesOut !== true',
      replace: 'planes === null',
      tests: ['test/webgpu/counted-passes.test.ts'],
    },
  ],
}
