import { describe, expect, test } from 'vitest'
import { inFlags } from '../../src/cli/options/flags.ts'
import { zeros } from '../../src/tensor/create.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()

describe('command lines that are wrong: exit code 2, one line, nothing written', () => {
  test.each([
    ['', "missing required argument 'input'"],
    ['x.npy --sise 2', "unknown option '--sise' (Did you mean --size?)"],
    ['x.npy --kernelSize 2', "unknown option '--kernelSize' (Did you mean --kernel-size?)"],
    ['x.npy --ceilMode', "unknown option '--ceilMode' (Did you mean --ceil-mode?)"],
    ['x.npy --norm_type 2', "unknown option '--norm_type' (Did you mean --norm-type?)"],
    ['x.npy --pool-size 2', "unknown option '--pool-size' (Did you mean --size?)"],
    ['x.npy --pads=1', "unknown option '--pads=1' (Did you mean --padding?)"],
    ['x.npy --out y.npy', "unknown option '--out' (Did you mean --output?)"],
    ['x.npy -s 2', "unknown option '-s' (Did you mean --stride?)"],
    ['x.npy -p 1', "unknown option '-p' (Did you mean --padding?)"],
    ['x.npy -m max', "unknown option '-m' (Did you mean --mode?)"],
    ['x.npy -v', "unknown option '-v' (Did you mean --version?)"],
    ['x.npy --avg', "unknown option '--avg' (Did you mean --mode?)"],
    ['x.npy --count-include-pad', "unknown option '--count-include-pad' (pool2d"],
    ['x.npy --no-ceil-mode', "unknown option '--no-ceil-mode' (pool2d"],
    ['x.npy --overwrite', "unknown option '--overwrite' (Did you mean --force?)"],
    ['x.npy --zzz', "unknown option '--zzz' (pool2d"],
    ['x.npy --mode middle', 'Allowed choices are max, min, average, '],
    ['x.npy --mode averge', '(Did you mean average?)'],
    ['x.npy --layout CHWN', 'Allowed choices are NCHW, NHWC.'],
    ['x.npy --layout nhwc', 'Allowed choices are NCHW, NHWC. (Did you mean NHWC?)'],
    ['x.npy -k 2 --size 3', '--size and --kernel-size are the same'],
    ['x.npy --size 2 2', '2: no such file; an option takes all its numbers in one, as --size 2x2'],
    ['shpae 3x2x5x5', 'shpae: no such file (Did you mean pool2d shape?)'],
    ['help', 'help: no such file (Did you mean pool2d --help?)'],
    ['x.npy -o=', '-o is empty'],
    ['x.npy --size', 'argument missing'],
    [['x.npy', '--size', '2 2'], 'as 2 or 2x3. (Did you mean 2x2?)'],
    ['x.npy --mode lp --norm-type infinity', 'Expected a number, inf or -inf. (Did you mean inf?)'],
    ['x.npy --size 2.5', 'as 2 or 2x3'],
    ['x.npy --size 2x', 'as 2 or 2x3'],
    ['x.npy --size -1', 'as 2 or 2x3'],
    ['x.npy --size 1x2x3x4', 'as 2 or 2x3'],
    ['x.npy --size 99999999999999999999', 'larger than 2^53 - 1'],
    ['x.npy --size 0', '--size = 0; must be a whole number from 1 to 2147483647, or one per axis'],
    ['x.npy --stride 0', 'stride = 0'],
    ['x.npy --dilation 0', 'dilation = 0'],
    ['x.npy --padding 1:2:3', 'before:after'],
    ['x.npy --padding Same', 'same or valid'],
    ['x.npy --size 2 --padding 2', '--padding[0] = 2; must be at most 1'],
    ['x.npy --size 2 --padding 2', 'Lower the padding, or give before:after, as 1:0.'],
    ['x.npy --size 2x2x2 --stride 1x1', '--size has 3 numbers and --stride 2'],
    ['x.npy --mode lp --norm-type p', 'inf or -inf'],
    ['x.npy --mode lp --norm-type constructor', 'inf or -inf'],
    ['x.npy --mode lp --norm-type 0', '--norm-type = 0; must be a number above 0, inf or -inf'],
    ['x.npy --mode average --divisor-override 0', '--divisor-override = 0'],
    ['x.npy --mode average --divisor-override 1.5', 'a whole number'],
    ['x.npy --divisor-override 3', '--divisor-override has a meaning with --mode average only'],
    ['x.npy --no-count-include-pad', '--no-count-include-pad has a meaning with --mode average only'],
    ['x.npy --rounding floor', '--rounding has no meaning with --mode max'],
    ['x.npy --mode sum --rounding floor', '--rounding has no meaning with --mode sum'],
    ['x.npy --mode average --rounding nearest', 'Allowed choices are trunc, floor, half-up, half-even'],
    ['x.npy --norm-type 3', '--norm-type has a meaning with --mode lp only'],
    ['x.npy --correction 0', '--correction has a meaning with --mode var or std only'],
    ['x.npy --mode var --correction one', 'Expected a number.'],
    ['x.npy --mode var --correction -1', 'correction = -1; must be a finite number from 0'],
    [
      'x.npy --mode average --indices i.npy',
      '--indices has a meaning with --mode max or min or median or quantile or mode or stochastic only',
    ],
    ['x.npy --global --size 2', '--size has no meaning with --global'],
    ['x.npy --global --output-size 2', '--output-size has no meaning with --global'],
    ['x.npy --output-size 2 --ceil-mode', '--ceil-mode has no meaning with --output-size'],
    ['x.npy --output-size 2 --mode lp', '--output-size has no meaning with --mode lp'],
    ['x.npy --output-size 2 --mode average --divisor-override 2', 'no meaning with --output-size'],
    ['x.npy --max-pixels 0', 'a whole number >= 1'],
    ['x.npy z.npy -o y.npy', '-o y.npy is one file for several inputs'],
    ['x.npy z.npy -o -', '-o - takes one input'],
    ['x.npy z.npy -o {dir}/y.npy', 'two results would be written to'],
    ['x.npy -o {stem}.npy', '-o has {stem}; a template knows {dir}, {name} and {ext}'],
    ['x.npy -o y.npy --indices y.npy', 'two results would be written to y.npy'],
    ['x.npy -o y.npy --indices -', '--indices takes a file'],
    ['- -', 'can be read once only'],
    ['- -o {name}.npy', 'standard input has no name'],
    ['- -o ./', 'standard input has no name'],
  ])('%s', async (argv, message) => {
    folder().writeArrays({ 'x.npy': zeros([1, 4, 4]), 'z.npy': zeros([1, 4, 4]) })
    const { code, stdout, stderr } = await folder().run(argv)
    expect(stderr).toContain(message)
    expect(stderr).toMatch(/^pool2d: [^\n]+ \(pool2d --help lists the options\)\n$/)
    expect([code, stdout.toString(), folder().list()]).toEqual([2, '', ['x.npy', 'z.npy']])
  })
})

test('an empty input name is refused', async () => {
  const { code, stderr } = await folder().run(['', '-o', 'y.npy'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('an input has an empty name')])
})

test('each command names its own help', async () => {
  for (const [argv, name] of [
    ['shape 4x4 --sise 2', 'pool2d shape'],
    ['shape 4x4 --size 0', 'pool2d shape'],
    ['onnx', 'pool2d onnx'],
    ['onnx m.onnx --force', 'pool2d onnx'],
    ['render k=99', 'pool2d render'],
  ] as const) {
    const { code, stderr } = await folder().run(argv)
    expect([code, stderr]).toEqual([2, expect.stringContaining(` (${name} --help lists the options)\n`)])
  }
})

test('names of files are not taken for options', async () => {
  for (const name of ['normType.npy', 'kernelSize', 'padding = 1.npy', 'Infinity', 'maxPixels.png']) {
    const { stderr } = await folder().run([name])
    expect(stderr).toBe(`pool2d: ${name}: no such file\n`)
  }
  folder().writeArrays({ 'normType.npy': zeros([1, 4, 4]) })
  const { stderr } = await folder().run('normType.npy --size 9')
  expect(stderr).toMatch(/^pool2d: normType\.npy: maxPool2d: /)
  folder().write('ceilMode.npy', 'bad')
  expect((await folder().run('ceilMode.npy')).stderr).toMatch(/^pool2d: ceilMode\.npy: /)
})

test('quoted text is left unchanged', () => {
  expect(inFlags('size = "kernelSize = 1"; kernelSize = 0')).toBe('size = "kernelSize = 1"; --size = 0')
})

test('binary data is neither read from nor written to a terminal', async () => {
  folder().writeArrays({ 'x.npy': zeros([1, 4, 4]) })
  const read = await folder().run('- -o y.npy', { tty: ['stdin'] })
  expect([read.code, read.stderr]).toEqual([2, expect.stringContaining('standard input is a terminal')])
  const write = await folder().run('x.npy -o -', { tty: ['stdout'] })
  expect([write.code, write.stderr]).toEqual([2, expect.stringContaining('standard output is a terminal')])
})
