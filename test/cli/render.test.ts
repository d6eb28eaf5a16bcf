import { expect, test } from 'vitest'
import { renderState } from '../../src/render/index.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()

test('the picture goes to standard output', async () => {
  const { code, stdout, stderr } = await folder().run('render op=max')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.toString()).toBe(`${renderState('op=max')}\n`)
})

test('the picture goes to a file in the requested theme and language; an existing file needs --force', async () => {
  const state = 'op=avg&k=3&s=2&p=1&ceil=1&x=d2l4&at=8&lang=zh'
  const argv = ['render', `#${state}`, '--theme', 'dark', '-o', 'average.svg']
  expect(await folder().run(argv)).toMatchObject({ code: 0, stderr: '' })
  const expected = `${renderState(state, 'dark')}\n`
  expect(Buffer.from(folder().read('average.svg')).toString()).toBe(expected)
  expect(await folder().run(argv)).toMatchObject({ code: 4 })
  expect(await folder().run([...argv, '--force'])).toMatchObject({ code: 0 })
})

test.each([
  [
    'render k=99',
    'pool2d: k=99 is out of range; the nearest is k=16 (pool2d render --help lists the options)\n',
    2,
  ],
  ['render nonsense', /^pool2d: nonsense is not understood; a state is key=value, as op=max&k=3 /, 2],
  [['render', ''], /^pool2d: the state is empty; give key=value pairs, as op=max&k=3 /, 2],
  ['render k=3&k=4', /^pool2d: k is given more than once; leave one of them out /, 2],
  ['render op=max&kernel=3', /^pool2d: kernel is not a key of a state \(Did you mean k=\?\) /, 2],
  ['render op=max&size=3', /^pool2d: size is not a key of a state \(Did you mean k=\?\) /, 2],
  ['render op=max&zzz=3', /^pool2d: zzz is not a key of a state \(pool2d render --help/, 2],
  ['render op=max -o r.png', /^pool2d: -o r\.png: the picture is SVG; give a name that ends in \.svg /, 2],
  ['render op=max&k=2&p=2', /^pool2d: maxPool2d: p\[0\] = 2; .*each side, as 1-0x1-0\. \(pool2d render/, 2],
  [
    'render op=total&x=1,2;3',
    'pool2d: op=total is not understood; x=1,2;3 is not understood (pool2d render --help lists the options)\n',
    2,
  ],
  ['render op=max --theme blue', /theme/, 2],
  ['render op=max&k=9&x=d2l3', /^pool2d: maxPool2d: x\.shape\[2\] = 3; .*\n$/, 1],
  ['render op=max -o missing/a.svg', /its folder does not exist/, 1],
] as const)('%s is refused', async (argv, message, code) => {
  const ran = await folder().run(argv)
  expect(ran.code).toBe(code)
  if (typeof message === 'string') expect(ran.stderr).toBe(message)
  else expect(ran.stderr).toMatch(message)
  expect(ran.stdout.length).toBe(0)
  expect(folder().list()).toEqual([])
})

test('keys of the playground panels are accepted', async () => {
  const page =
    'op=max&view=compare&b.op=avg&b.k=2&size=1x3x8x8&shift=0,1&bug=channels&pyr=heights&pixel=2,1,2&lesson=3&v=1'
  expect(await folder().run(['render', page])).toMatchObject({ code: 0, stderr: '' })
})

test('render --help', async () => {
  const { code, stdout } = await folder().run('render --help')
  expect(code).toBe(0)
  await expect(stdout.toString()).toMatchFileSnapshot('help-render.txt')
})
