import { describe, expect, test } from 'vitest'
import { outputShape } from '../../src/ops/output-shape.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()

async function shape(argv: string): Promise<string[]> {
  const { code, stdout, stderr } = await folder().run(`shape ${argv}`)
  expect([code, stderr]).toEqual([0, ''])
  return stdout.toString().trimEnd().split('\n')
}

describe('the arithmetic, a line an axis', () => {
  test.each([
    [
      '3x2x5x5 --size 2',
      'maxPool2d: 3x2x5x5 -> 3x2x2x2',
      '  H: floor((5 + 0 + 0 - 1 * (2 - 1) - 1) / 2) + 1 = floor(3 / 2) + 1 = 2; the last 1 of 5 are in no window',
    ],
    [
      '3x2x5x5 --size 2 --stride 1',
      'maxPool2d: 3x2x5x5 -> 3x2x4x4',
      '  H: floor((5 + 0 + 0 - 1 * (2 - 1) - 1) / 1) + 1 = floor(3 / 1) + 1 = 4',
    ],
    [
      '9x9 --size 3x2 --stride 2x1 --padding 1:0x0 --dilation 2 --mode average',
      'avgPool2d: 9x9 -> 3x7',
      '  H: floor((9 + 1 + 0 - 2 * (3 - 1) - 1) / 2) + 1 = floor(5 / 2) + 1 = 3; the last 1 of 9 are in no window',
    ],
    [
      '1x6x7 --size 1 --stride 2 --ceil-mode',
      'maxPool2d: 1x6x7 -> 1x3x4',
      '  H: ceil((6 + 0 + 0 - 1 * (1 - 1) - 1) / 2) + 1 = ceil(5 / 2) + 1 = 4; the last would start at 3 * 2 = 6 >= 6 + 0 = 6, so 3',
    ],
    [
      '5x8 --size 2 --stride 2 --padding same',
      'maxPool2d: 5x8 -> 3x4',
      '  H: ceil(5 / 2) = 3; padding max(0, (3 - 1) * 2 + 1 * (2 - 1) + 1 - 5) = 1: 0 before, 1 after',
    ],
    ['5x8 --size 2 --padding valid', 'maxPool2d: 5x8 -> 2x4', undefined],
    [
      '1x3x7x9 --output-size 4x3 --mode average',
      'adaptiveAvgPool2d: 1x3x7x9 -> 1x3x4x3',
      '  H: 4, windows of 2 to 3',
    ],
    ['3x7x9 --output-size 5', 'adaptiveMaxPool2d: 3x7x9 -> 3x5x5', '  H: 5, windows of 2 to 3'],
    ['2x3x4x5x6 --global --mode lp', 'globalLpPool: 2x3x4x5x6 -> 2x3x1x1x1', '  D: 1, one window of 4'],
    ['10 --mode min --size 4', 'minPool1d: 10 -> 2', undefined],
    ['2x8x8x8 --size 2x2x4', 'maxPool3d: 2x8x8x8 -> 2x4x4x2', undefined],
    ['8x6x3 --layout NHWC', 'maxPool2d: 8x6x3 -> 4x3x3', undefined],
  ])('%s', async (argv, first, axis) => {
    const lines = await shape(argv)
    expect(lines[0]).toBe(first)
    if (axis !== undefined) expect(lines.find((line) => /^ +[DHL]:/.test(line))).toBe(axis)
  })
})

test('every line ends in the size that the library gives', async () => {
  let checked = 0
  for (const size of [1, 2, 3, 5])
    for (const stride of [1, 2, 3])
      for (const padding of [0, 1, 2])
        for (const dilation of [1, 2])
          for (const ceilMode of [false, true]) {
            const options = { kernelSize: size, stride, padding, dilation, ceilMode }
            if (padding > ((size - 1) * dilation + 1) / 2) continue
            const [, , height] = outputShape('maxPool2d', [1, 1, 13, 13], options)
            const argv = `1x1x13x13 --size ${size} --stride ${stride} --padding ${padding} --dilation ${dilation}`
            const lines = await shape(ceilMode ? `${argv} --ceil-mode` : argv)
            const text = lines.at(-1)!
            const said = /so (\d+)$/.exec(text)?.[1] ?? /\+ 1 = (\d+)(;|$)/.exec(text)?.[1]
            expect(Number(said), text).toBe(height)
            checked++
          }
  expect(checked).toBeGreaterThan(100)
})

test('--json', async () => {
  const { code, stdout } = await folder().run('shape 2x5x6 --size 2x3 --json')
  expect([code, JSON.parse(stdout.toString())]).toEqual([
    0,
    {
      version: 1,
      operation: 'maxPool2d',
      options: { kernelSize: [2, 3], stride: [2, 3], layout: 'NCHW' },
      layout: 'NCHW',
      inputShape: [2, 5, 6],
      outputShape: [2, 2, 2],
      formula: expect.stringContaining('out = floor('),
      axes: [
        { axis: 'H', input: 5, output: 2, text: expect.stringContaining('= 2;') },
        { axis: 'W', input: 6, output: 2, text: expect.stringContaining('= 2') },
      ],
    },
  ])
})

test.each([
  ['shape 4x4 --size 9', 1, 'maxPool2d: the input shape[1] = 4; with --padding 0 the effective window 9'],
  ['shape 1x2x3x4x5x6', 1, 'has 6 axes'],
  ['shape 4x4 --size 0', 2, '--size = 0; must be a whole number'],
  ['shape 4x4 --size 2 --padding 2', 2, 'padding[0] = 2; must be at most 1'],
  ['shape 4y4', 2, 'Expected dimensions, as 3x2x5x5'],
  ['shape', 2, "missing required argument 'shape'"],
  ['shape 4x4 5x5', 2, 'too many arguments'],
])('%s is refused', async (argv, code, message) => {
  const ran = await folder().run(argv)
  expect([ran.code, ran.stdout.toString()]).toEqual([code, ''])
  expect(ran.stderr).toMatch(/^pool2d: [^\n]+\n$/)
  expect(ran.stderr).toContain(message)
})
