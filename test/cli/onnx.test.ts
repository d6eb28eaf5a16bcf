import { describe, expect, test } from 'vitest'
import { tensor } from '../../src/tensor/create.ts'
import { modelBytes, tensorBytes } from '../support/onnx-model.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
const x = tensor([
  [
    [
      [1, 2],
      [3, 4],
    ],
  ],
])

function writeModel(name: string, output = 'y', attributes = {}): void {
  folder().write(
    name,
    modelBytes({
      opset: 12,
      nodes: [
        {
          opType: 'MaxPool',
          name: 'p',
          attributes: { kernel_shape: [2, 2], ...attributes },
          inputs: ['x'],
          outputs: [output, 'i'],
        },
      ],
      inputs: [{ name: 'x', dtype: 'float32', shape: [1, 1, 2, 2] }],
      outputs: [
        { name: output, dtype: 'float32' },
        { name: 'i', dtype: 'int64' },
      ],
    }),
  )
}

describe('runs a model', () => {
  test('on .npy and on TensorProto files, into a folder that is made', async () => {
    writeModel('m.onnx')
    folder().writeArrays({ 'x.npy': x })
    folder().write('x.pb', tensorBytes(x))
    const first = await folder().run('onnx m.onnx x.npy -o out')
    expect([first.code, first.stdout.toString()]).toEqual([0, ''])
    expect(first.stderr).toBe('y 1x1x1x1 float32 -> out/y.npy\ni 1x1x1x1 int64 -> out/i.npy\n')
    expect(folder().readArray('out/y.npy').toArray()).toEqual([[[[4]]]])
    expect(folder().readArray('out/i.npy').toArray()).toEqual([[[[3n]]]])
    const second = await folder().run('onnx m.onnx x.pb -o other --quiet')
    expect([second.code, second.stderr]).toEqual([0, ''])
    expect(folder().readArray('other/y.npy').toArray()).toEqual([[[[4]]]])
  })

  test('reports as JSON', async () => {
    writeModel('m.onnx')
    folder().writeArrays({ 'x.npy': x })
    const { code, stdout, stderr } = await folder().run('onnx m.onnx x.npy -o out --json')
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout.toString())).toEqual({
      version: 1,
      model: 'm.onnx',
      outputs: [
        { name: 'y', file: 'out/y.npy', dtype: 'float32', shape: [1, 1, 1, 1] },
        { name: 'i', file: 'out/i.npy', dtype: 'int64', shape: [1, 1, 1, 1] },
      ],
      error: null,
    })
  })

  test('from standard input', async () => {
    writeModel('m.onnx')
    folder().write('x.pb', tensorBytes(x))
    const stdin = folder().read('m.onnx')
    expect(await folder().run('onnx - x.pb -o out', { stdin })).toMatchObject({ code: 0 })
    expect(await folder().run('onnx - - -o out', { stdin })).toMatchObject({ code: 2 })
  })

  test('names of outputs stay in the folder', async () => {
    writeModel('m.onnx', '../../up:0')
    folder().writeArrays({ 'x.npy': x })
    expect(await folder().run('onnx m.onnx x.npy -o out')).toMatchObject({ code: 0 })
    expect(folder().readArray('out/..%2F..%2Fup%3A0.npy').toArray()).toEqual([[[[4]]]])
    writeModel('long.onnx', 'n'.repeat(300))
    const long = await folder().run('onnx long.onnx x.npy -o out2')
    expect([long.code, long.stderr]).toEqual([1, expect.stringContaining('must be at most 255')])
  })

  test('writes no output if one of them exists, unless --force', async () => {
    writeModel('m.onnx')
    folder().writeArrays({ 'x.npy': x })
    await folder().run('onnx m.onnx x.npy -o out')
    folder().writeArrays({ 'out/i.npy': tensor([5]) })
    expect(await folder().run('onnx m.onnx x.npy -o out')).toMatchObject({ code: 4 })
    expect(folder().readArray('out/i.npy').toArray()).toEqual([5])
    expect(await folder().run('onnx m.onnx x.npy -o out --force')).toMatchObject({ code: 0 })
    expect(folder().readArray('out/i.npy').toArray()).toEqual([[[[3n]]]])
  })

  test('never overwrites an input', async () => {
    writeModel('m.onnx')
    folder().writeArrays({ 'y.npy': x })
    expect(await folder().run('onnx m.onnx y.npy -o . --force')).toMatchObject({ code: 4 })
    expect(folder().readArray('y.npy').toArray()).toEqual(x.toArray())
  })

  test('with the choices of another runtime, or with single choices', async () => {
    writeModel('m.onnx', 'y', { pads: [2, 0, 0, 0] })
    folder().writeArrays({ 'x.npy': x })
    expect(await folder().run('onnx m.onnx x.npy -o a')).toMatchObject({ code: 0 })
    const like = await folder().run('onnx m.onnx x.npy -o b --like onnxruntime')
    expect([like.code, like.stderr]).toEqual([1, expect.stringContaining('must be less than the window 2')])
    expect(await folder().run('onnx m.onnx x.npy -o c --choose widePads=refuse')).toMatchObject({ code: 1 })
    expect(
      await folder().run(
        'onnx m.onnx x.npy -o d --like onnxruntime --choose widePads=allow --choose exact=true',
      ),
    ).toMatchObject({ code: 0 })
  })
})

describe('lists a model', () => {
  test('for people', async () => {
    writeModel('m.onnx', 'y', { ceil_mode: 1 })
    const { code, stdout, stderr } = await folder().run('onnx m.onnx')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.toString()).toBe(
      [
        'm.onnx: opset 12, 1 pooling node',
        'p (MaxPool-12) 1x1x2x2 -> 1x1x1x1 float32',
        '  kernel_shape=[2, 2] ceil_mode=1',
        '  28 B read and written, 4 operations',
        'in other runtimes:',
        '  ceil_mode: onnxruntime-web refuses it on webgl and, in its JavaScript kernels, on webgpu (p)',
        '  Indices: no output of onnxruntime-web on webgpu, webgl and webnn (p)',
        '  NaN: ONNX Runtime drops or keeps it by its place in the window; here it always wins (p)',
        '',
      ].join('\n'),
    )
  })

  test('as JSON', async () => {
    writeModel('m.onnx')
    const { code, stdout } = await folder().run('onnx m.onnx --json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout.toString())).toMatchObject({
      version: 1,
      model: 'm.onnx',
      opset: 12,
      nodes: [{ name: 'p', opType: 'MaxPool', since: 12, inputShape: [1, 1, 2, 2], cost: { bytes: 28 } }],
      error: null,
    })
  })
})

describe('refuses', () => {
  test.each([
    ['onnx', 2, 'missing required argument'],
    ['onnx m.onnx x.npy', 2, 'give -o DIR'],
    ['onnx m.onnx --force', 2, '--force has a meaning with -o only'],
    ['onnx m.onnx --like torch', 2, 'Expected onnxruntime'],
    ['onnx m.onnx --choose widePads', 2, 'Expected name=value'],
    ['onnx m.onnx --choose widePads=allow=maybe', 2, 'Expected name=value'],
    ['onnx m.onnx --choose widePads=maybe', 2, 'widePads = "maybe"'],
    ['onnx m.onnx --choose widePads=maybe', 2, '(pool2d onnx --help lists the choices)'],
    ['onnx m.onnx --choose strict=true', 2, 'strict = true'],
    ['onnx missing.onnx', 1, 'no such file'],
    ['onnx x.npy', 1, 'must be a protobuf message onnx.ModelProto'],
    ['onnx m.onnx -o out', 1, 'must be 1: the model takes x'],
    ['onnx m.onnx m.onnx -o out', 1, 'data_type = "UNDEFINED"'],
    ['onnx m.onnx wrong.npy -o out', 1, 'must be [1, 1, 2, 2], as the model declares'],
  ])('%s', async (argv, code, message) => {
    writeModel('m.onnx')
    folder().writeArrays({ 'x.npy': x, 'wrong.npy': tensor([[[1]]]) })
    const ran = await folder().run(argv)
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(message)])
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  test('with the error in the JSON', async () => {
    const { stdout } = await folder().run('onnx missing.onnx --json')
    expect(JSON.parse(stdout.toString())).toMatchObject({
      model: 'missing.onnx',
      error: { code: 'BAD_PATH' },
    })
  })
})
