import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { formatNpy, formatNpz, parseNpy, parseNpz } from '../../src/adapters/npy/index.ts'
import {
  adaptiveAvgPool2d,
  adaptiveStdPool2d,
  adaptiveStochasticMeanPool2d,
  avgPool2d,
  gemPool2d,
  globalAvgPool,
  globalMaxPool,
  globalStochasticPool,
  globalSumPool,
  lpPool2d,
  lsePool2d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  minPool2d,
  quantilePool2d,
  rand,
  rmsPool2d,
  softPool2d,
  stochasticMeanPool2d,
  stochasticPool2d,
  tensor,
  varPool2d,
  zeros,
} from '../../src/index.ts'
import { Tensor } from '../../src/tensor/tensor.ts'
import { headerText, npyFile } from '../adapters/npy/fixtures.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
const x = rand([3, 2, 7, 9], { seed: 1 })

/** One run of x.npy to y.npy. */
async function pooled(input: Tensor, argv: string): Promise<Tensor> {
  folder().writeArrays({ 'x.npy': input })
  const { code, stdout, stderr } = await folder().run(`x.npy -o y.npy --force ${argv}`)
  expect([code, stdout.toString()], stderr).toEqual([0, ''])
  return folder().readArray('y.npy')
}

describe('every option reaches the library', () => {
  test.each<[string, () => Tensor]>([
    ['--size 2', () => maxPool2d(x, { kernelSize: 2 })],
    ['', () => maxPool2d(x, { kernelSize: 2, stride: 2 })],
    ['--size 3x2 --stride 1', () => maxPool2d(x, { kernelSize: [3, 2], stride: 1 })],
    ['--size 3 --stride 2 --padding 1', () => maxPool2d(x, { kernelSize: 3, stride: 2, padding: 1 })],
    ['--size 3 --padding 1:0x0:2', () => maxPool2d(x, { kernelSize: 3, padding: [[1, 0], [0, 2]] })], // biome-ignore format: pairs
    ['--size 3 --padding same', () => maxPool2d(x, { kernelSize: 3, padding: 'same' })],
    ['--size 2 --dilation 2x3', () => maxPool2d(x, { kernelSize: 2, dilation: [2, 3] })],
    ['--size 2 --ceil-mode', () => maxPool2d(x, { kernelSize: 2, ceilMode: true })],
    ['--mode min --size 2', () => minPool2d(x, { kernelSize: 2 })],
    ['--mode average --size 3 --padding 1', () => avgPool2d(x, { kernelSize: 3, padding: 1 })],
    [
      '--mode average --size 3 --padding 1 --no-count-include-pad',
      () => avgPool2d(x, { kernelSize: 3, padding: 1, countIncludePad: false }),
    ],
    ['--mode average --divisor-override -3', () => avgPool2d(x, { kernelSize: 2, divisorOverride: -3 })],
    ['--mode lp', () => lpPool2d(x, { kernelSize: 2, normType: 2 })],
    ['--mode lp --norm-type 1.5', () => lpPool2d(x, { kernelSize: 2, normType: 1.5 })],
    ['--mode lp --norm-type -inf', () => lpPool2d(x, { kernelSize: 2, normType: Number.NEGATIVE_INFINITY })],
    ['--mode rms --size 3 --padding 1', () => rmsPool2d(x, { kernelSize: 3, padding: 1 })],
    ['--mode var --correction 0', () => varPool2d(x, { kernelSize: 2, correction: 0 })],
    ['--mode std --output-size 3x4', () => adaptiveStdPool2d(x, { outputSize: [3, 4] })],
    ['--mode gem --p 2 --eps 0.1', () => gemPool2d(x, { kernelSize: 2, p: 2, eps: 0.1 })],
    ['--mode soft', () => softPool2d(x, { kernelSize: 2 })],
    ['--mode lse --r 3', () => lsePool2d(x, { kernelSize: 2, r: 3 })],
    ['--mode stochastic-mean', () => stochasticMeanPool2d(x, { kernelSize: 2 })],
    [
      '--mode stochastic --global --seed 3',
      () => globalStochasticPool(x, { samples: rand([3, 2, 1, 1], { seed: 3 }) }),
    ],
    ['--mode stochastic-mean --output-size 2', () => adaptiveStochasticMeanPool2d(x, { outputSize: 2 })],
    [
      '--mode stochastic --seed 3',
      () => stochasticPool2d(x, { kernelSize: 2, samples: rand([3, 2, 3, 4], { seed: 3 }) }),
    ],
    ['--global --mode sum', () => globalSumPool(x)],
    ['--mode average --output-size 3x4', () => adaptiveAvgPool2d(x, { outputSize: [3, 4] })],
    ['--global', () => globalMaxPool(x)],
    ['--global --mode average', () => globalAvgPool(x)],
    ['--global --mode min', () => minPool2d(x, { kernelSize: [7, 9] })],
    ['--layout NHWC', () => maxPool2d(x, { kernelSize: 2, layout: 'NHWC' })],
    ['--size 1x3', () => maxPool2d(x, { kernelSize: [1, 3] })],
    ['--size 1,3', () => maxPool2d(x, { kernelSize: [1, 3] })],
    ['--size=3X2 --padding 1,0', () => maxPool2d(x, { kernelSize: [3, 2], padding: [1, 0] })],
    ['-k 3', () => maxPool2d(x, { kernelSize: 3 })],
    ['-k=3 --stride 1', () => maxPool2d(x, { kernelSize: 3, stride: 1 })],
    ['--kernel-size 1x3', () => maxPool2d(x, { kernelSize: [1, 3] })],
    ['--mode avg', () => avgPool2d(x, { kernelSize: 2 })],
    ['--mode mean --output-size 3,4', () => adaptiveAvgPool2d(x, { outputSize: [3, 4] })],
  ])('%s', async (argv, expected) => {
    expect(await pooled(x, argv)).toEqual(expected())
  })
})

describe('shapes', () => {
  const flat = x.data
  const of = (...shape: number[]): Tensor =>
    tensor(
      flat.slice(
        0,
        shape.reduce((a, b) => a * b),
      ),
      shape,
    )

  test.each<[string, Tensor, string, () => Tensor]>([
    ['[H, W]', of(6, 7), '', () => maxPool2d(of(1, 6, 7), { kernelSize: 2 })],
    ['[H, W], NHWC', of(6, 7), '--layout NHWC', () => maxPool2d(of(1, 6, 7), { kernelSize: 2 })],
    ['[C, H, W]', of(2, 6, 7), '', () => maxPool2d(of(2, 6, 7), { kernelSize: 2 })],
    ['[L]', of(11), '--size 3', () => maxPool1d(of(1, 11), { kernelSize: 3 })],
    ['[N, C, D, H, W]', of(1, 2, 3, 4, 5), '', () => maxPool3d(of(1, 2, 3, 4, 5), { kernelSize: 2 })],
    [
      '[C, D, H, W]',
      of(2, 3, 4, 5),
      '--size 2x2x1',
      () => maxPool3d(of(2, 3, 4, 5), { kernelSize: [2, 2, 1] }),
    ],
    ['[D, H, W]', of(3, 4, 5), '--size 2x2x1', () => maxPool3d(of(1, 3, 4, 5), { kernelSize: [2, 2, 1] })],
    ['[H, W] global', of(6, 7), '--global', () => globalMaxPool(of(1, 1, 6, 7))],
    ['[C, H, W] global', of(2, 6, 7), '--global', () => globalMaxPool(of(1, 2, 6, 7))],
    [
      '[H, W, C] global, NHWC',
      of(6, 7, 2),
      '--global --layout NHWC',
      () => globalMaxPool(of(1, 6, 7, 2), { layout: 'NHWC' }),
    ],
  ])('%s', async (_, input, argv, expected) => {
    const output = await pooled(input, argv)
    expect(output.data).toEqual(expected().data)
    expect(output.shape.length).toBe(input.shape.length)
  })
})

test.each(['float16', 'float64', 'bfloat16', 'int8', 'uint16', 'int64'] as const)(
  'keeps the dtype %s',
  async (dtype) => {
    const input = zeros([1, 4, 4], { dtype })
    expect(await pooled(input, '')).toEqual(maxPool2d(input, { kernelSize: 2 }))
  },
)

describe('averages of integers', () => {
  const input = tensor(BigInt64Array.of(-1n, -2n, -2n, -1n, 0n, 1n, 1n, 0n), [2, 2, 2])

  test.each([
    ['', [-2n, 0n]],
    ['--rounding half-even', [-2n, 0n]],
    ['--rounding half-up', [-2n, 1n]],
    ['--rounding floor', [-2n, 0n]],
    ['--rounding trunc', [-1n, 0n]],
    ['--rounding half-up --global', [-2n, 1n]],
    ['--rounding trunc --output-size 1', [-1n, 0n]],
    ['--rounding half-up --divisor-override 4', [-2n, 1n]],
  ])('%s', async (argv, want) => {
    expect((await pooled(input, `--mode average ${argv}`)).data).toEqual(BigInt64Array.from(want))
  })

  test('the JSON report names the rounding', async () => {
    folder().writeArrays({ 'x.npy': input, 'f.npy': x })
    const { stdout } = await folder().run('x.npy f.npy --mode average --dry-run --json')
    const [ofIntegers, ofFloats] = JSON.parse(stdout.toString()).results
    expect(ofIntegers.arrays[0].options.rounding).toBe('half-even')
    expect(ofFloats.arrays[0].options).not.toHaveProperty('rounding')
  })

  test.each(['--mode average', '--mode average --dry-run', '--mode lp'])(
    '--rounding is refused for floats: %s',
    async (argv) => {
      folder().writeArrays({ 'x.npy': x })
      const { code, stderr } = await folder().run(`x.npy --rounding floor ${argv}`)
      expect([code, folder().list()]).toEqual([2, ['x.npy']])
      expect(stderr).toMatch(
        /^pool2d: x\.npy: array: --rounding = "floor"; averages of integers are rounded, and/,
      )
    },
  )
})

describe('medians, quantiles and labels', () => {
  test('take their options', async () => {
    const options = { kernelSize: 3, q: 0.9, interpolation: 'higher' } as const
    expect(await pooled(x, '--mode quantile --size 3 --q .9 --interpolation higher')).toEqual(
      quantilePool2d(x, options),
    )
    const labels = tensor(BigUint64Array.of(0n, 2n ** 64n - 1n, 7n, 7n, 2n ** 64n - 1n, 0n), [1, 2, 3])
    const argv = '--mode mode --size 2x3 --ties highest --ignore'
    expect((await pooled(labels, `${argv} 0`)).data).toEqual(BigUint64Array.of(2n ** 64n - 1n))
    expect((await pooled(labels, `${argv} ${2n ** 64n - 1n}`)).data).toEqual(BigUint64Array.of(7n))
  })

  test('medians of integers are rounded half to even', async () => {
    const bytes = tensor(Uint8Array.of(1, 2, 4, 5), [1, 4])
    expect([...(await pooled(bytes, '--mode median --size 1x2')).data]).toEqual([2, 4])
    expect([...(await pooled(bytes, '--mode median --size 1x2 --rounding half-up')).data]).toEqual([2, 5])
  })

  test.each([
    [2, '--mode quantile', /--q = undefined; must be a number from 0 to 1/],
    [2, '--mode quantile --q 90', /Expected a number from 0 to 1/],
    [2, '--mode median --q 0.5', /--q has a meaning with --mode quantile only/],
    [2, '--mode max --ignore 0', /--ignore has a meaning with --mode mode only/],
    [1, '--mode mode', /labels must be integers/],
  ])('exits with %i for %s', async (exit, argv, message) => {
    folder().writeArrays({ 'x.npy': x })
    const { code, stderr } = await folder().run(`x.npy -o y.npy ${argv}`)
    expect([code, folder().list()], stderr).toEqual([exit, ['x.npy']])
    expect(stderr).toMatch(message)
  })
})

test('--indices writes the indices of the library as int64', async () => {
  folder().writeArrays({ 'x.npy': x })
  await folder().run('x.npy -o y.npy --indices i.npy --size 3 --stride 2')
  const { output, indices } = maxPool2d(x, { kernelSize: 3, stride: 2, returnIndices: true })
  expect(folder().readArray('y.npy')).toEqual(output)
  expect(folder().readArray('i.npy')).toEqual(tensor(BigInt64Array.from(indices.data, BigInt), indices.shape))
})

test('--no-keep-dims leaves out the pooled axes of global poolings', async () => {
  folder().writeArrays({ 'x.npy': x })
  const { code, stdout } = await folder().run('x.npy -o y.npy --global --no-keep-dims --indices i.npy')
  expect([code, stdout.toString()]).toEqual([0, ''])
  const { output, indices } = globalMaxPool(x, { keepDims: false, returnIndices: true })
  expect(folder().readArray('y.npy')).toEqual(output)
  expect(folder().readArray('i.npy').shape).toEqual(indices.shape)
  folder().writeArrays({ 'plane.npy': tensor(x.data.slice(0, 63), [7, 9]) })
  expect((await folder().run('plane.npy --global --no-keep-dims')).stderr).toContain('plane.pool.npy scalar')
  expect(folder().readArray('plane.pool.npy').shape).toEqual([])
  await folder().run('x.npy -o z.npy --global --no-keep-dims --layout NHWC --mode average')
  expect(folder().readArray('z.npy').shape).toEqual([3, 9])
})

test('--counts writes how many elements count in each window as int64', async () => {
  const mask = tensor(
    Uint8Array.from({ length: x.size }, (_, i) => Number(i % 3 > 0)),
    x.shape,
  )
  folder().writeArrays({ 'x.npy': x, 'mask.npy': mask })
  const { code, stdout } = await folder().run(
    'x.npy -o y.npy --indices i.npy --counts n.npy --mask mask.npy --dry-run',
  )
  expect([code, stdout.toString()]).toEqual([0, expect.stringContaining('  counts -> n.npy (int64)\n')])
  expect((await folder().run('x.npy -o y.npy --indices i.npy --counts n.npy --mask mask.npy')).code).toBe(0)
  const options = { kernelSize: 2, mask, returnIndices: true, returnCounts: true } as const
  const { output, indices, counts } = maxPool2d(x, options)
  expect(folder().readArray('y.npy')).toEqual(output)
  for (const [name, { data, shape }] of Object.entries({ 'i.npy': indices, 'n.npy': counts }))
    expect(folder().readArray(name)).toEqual(tensor(BigInt64Array.from(data, BigInt), shape))
})

test.each([
  ['--mode blur --counts n.npy', '--counts has no meaning with --mode blur'],
  ['--no-keep-dims', '--no-keep-dims has a meaning with --global only'],
  ['--mode average --counts -', '--counts takes a file'],
  ['--mode average --counts y.npy', 'two results would be written to y.npy'],
])('refuses %s', async (argv, message) => {
  folder().writeArrays({ 'x.npy': x })
  const { code, stderr } = await folder().run(`x.npy -o y.npy ${argv}`)
  expect([code, folder().list()]).toEqual([2, ['x.npy']])
  expect(stderr).toContain(message)
})

describe('.npz', () => {
  const tensors = new Map([
    ['a', rand([2, 4, 4], { seed: 1 })],
    ['deep/b', rand([1, 2, 6, 6], { seed: 2 })],
  ])

  test('pools every member under its name, and writes indices to an archive too', async () => {
    folder().write('x.npz', formatNpz(tensors, { compress: true }))
    const { code, stderr } = await folder().run('x.npz --indices i.npz')
    expect([code, stderr]).toEqual([
      0,
      'x.npz a 2x4x4 float32 -> x.pool.npz a 2x2x2\nx.npz deep/b 1x2x6x6 float32 -> x.pool.npz deep/b 1x2x3x3\n  indices -> i.npz\n',
    ])
    for (const [name, member] of tensors) {
      expect(parseNpz(folder().read('x.pool.npz')).get(name)).toEqual(maxPool2d(member, { kernelSize: 2 }))
      expect(parseNpz(folder().read('i.npz')).get(name)!.dtype).toBe('int64')
    }
  })

  const mixed = zipSync({
    'a.npy': formatNpy(tensors.get('a')!),
    'mask.npy': npyFile(headerText({ descr: "'|b1'", shape: '(2, 2)' }), { data: 4 }),
    'text.npy': npyFile(headerText({ descr: "'<U5'", shape: '(1,)' }), { data: 20 }),
    'objects.npy': npyFile(headerText({ descr: "'|O'", shape: '(1,)' }), { data: 9 }),
    'table.npy': npyFile(headerText({ descr: "[('a', '<f4')]", shape: '(1,)' }), { data: 4 }),
    'tiny.npy': formatNpy(zeros([1, 1, 1])),
    'readme.txt': Buffer.from('hello'),
  })
  const others = ['text', 'objects', 'table', 'tiny', 'readme.txt']

  test.each(['', '--dry-run'])('members that cannot be pooled are left out with a note %s', async (flag) => {
    folder().write('x.npz', mixed)
    const { code, stdout } = await folder().run(`x.npz --json ${flag}`)
    const [report] = JSON.parse(stdout.toString()).results
    expect([code, report.error, report.arrays.map(({ name }: { name: string }) => name)]).toEqual([
      0,
      null,
      ['a', 'mask'],
    ])
    expect(report.notes).toEqual([
      ...others.map((name) => expect.stringContaining(`member "${name}" is left out: x.npz: `)),
    ])
    if (flag === '') expect([...parseNpz(folder().read('x.pool.npz')).keys()]).toEqual(['a', 'mask'])
  })

  test.each(others)(
    'requested together with another member, %s fails and the other is written',
    async (name) => {
      folder().write('x.npz', mixed)
      const { code, stderr } = await folder().run(['x.npz', '--member', 'a', '--member', name])
      expect(code).toBe(3)
      expect(stderr).toContain('pool2d: x.npz: ')
      expect([...parseNpz(folder().read('x.pool.npz')).keys()]).toEqual(['a'])
    },
  )

  test.each([...others, 'absent'])('requested alone, %s fails and nothing is written', async (name) => {
    folder().write('x.npz', mixed)
    const { code } = await folder().run(['x.npz', '--member', name])
    expect([code, folder().list()]).toEqual([1, ['x.npz']])
  })

  test('a damaged member fails its archive, and --member and --page are refused for a .npy', async () => {
    const bytes = formatNpz(tensors)
    bytes[150]! ^= 1
    folder().write('x.npz', bytes)
    folder().writeArrays({ 'x.npy': x })
    expect((await folder().run('x.npz')).code).toBe(1)
    expect((await folder().run('x.npy --member a')).code).toBe(1)
    expect(await folder().run('x.npy --page 1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('x.npy: --page = 1; the file is one array'),
    })
  })
})

test('an archive without arrays says so', async () => {
  folder().write('x.npz', formatNpz(new Map()))
  expect((await folder().run('x.npz -o y.npz')).stderr).toBe('x.npz -> y.npz: no arrays\n')
})

test('an input without a suffix, such as a pipe, needs -o', async () => {
  folder().write('pipe', formatNpy(x))
  const { code, stderr } = await folder().run('pipe')
  expect([code, stderr]).toEqual([1, expect.stringContaining('use -o with a name that ends so')])
})

test('pools standard input to standard output, and writes nothing else there', async () => {
  const { code, stdout, stderr } = await folder().run('-', { stdin: formatNpy(x) })
  expect([code, stderr]).toEqual([0, 'standard input 3x2x7x9 float32 -> standard output 3x2x3x4\n'])
  expect(parseNpy(new Uint8Array(stdout))).toEqual(maxPool2d(x, { kernelSize: 2 }))
})

test.each([
  ['x.npy', 'nothing', new Uint8Array(), 'it is empty. Pass a PNG,'],
  ['x', 'nothing', new Uint8Array(), 'it is empty. Pass a PNG,'],
  [
    'x.png',
    'a GIF',
    Buffer.from('GIF89a'),
    'it is GIF, not a PNG, JPEG, WebP, TIFF, .npy or .npz file, despite its name.',
  ],
  ['x.gif', 'a GIF', Buffer.from('GIF89a'), 'it is GIF, not a PNG, JPEG, WebP, TIFF, .npy or .npz file. '],
  [
    'x.npy',
    'a single number',
    formatNpy(new Tensor(Float32Array.of(3), [])),
    'a single number has no axis to pool',
  ],
  ['x.npy', 'text', Buffer.from('hello'), 'a .npy file starts with'],
  ['x.txt', 'text', Buffer.from('hello'), 'not a PNG, JPEG, WebP, TIFF, .npy or .npz file'],
  [
    'x.npz',
    'half an archive',
    formatNpz([['a', x]]).subarray(0, 300),
    'a zip archive ends with its directory',
  ],
  ['x.npy', 'a cut array', formatNpy(x).subarray(0, 500), 'the file was cut short'],
])('%s that holds %s', async (name, _, bytes, message) => {
  folder().write(name, bytes)
  const { code, stdout, stderr } = await folder().run([name, '-o', `y${name.slice(1)}`])
  expect([code, stdout.toString(), folder().list()]).toEqual([1, '', [name]])
  expect(stderr).toMatch(new RegExp(`^pool2d: ${name.replace('.', '\\.')}: [^\\n]+\\n$`))
  expect(stderr).toContain(message)
})

test('--nodata, --min-count and --fill leave elements out', async () => {
  const holed = tensor(Int16Array.of(1, -9999, 3, 8, -9999, -9999), [1, 2, 3])
  const y = await pooled(holed, '--mode average --size 2 --nodata -9999 --min-count 2 --fill 0')
  expect(y.toArray()).toEqual([[[4]]])
  const z = await pooled(tensor([[1, Number.NaN, 3]]), '--mode max --size 1x3 --nodata nan')
  expect(z.toArray()).toEqual([[3]])
  folder().writeArrays({ 'x.npy': holed })
  const { code, stderr } = await folder().run('x.npy -o y.npy --force --min-count 2')
  expect(code).toBe(2)
  expect(stderr).toMatch(/--min-count needs --mask, --nodata or --fill/)
})
