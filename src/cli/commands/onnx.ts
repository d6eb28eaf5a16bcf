/**
 * @file `pool2d onnx MODEL.onnx INPUT... -o DIR`: runs a model of pooling operators; without inputs, lists the poolings of any model.
 */
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { formatNpy, isNpy, parseNpy } from '../../adapters/npy/index.ts'
import type { Choices, OnnxModel } from '../../adapters/onnx/index.ts'
import { PoolError } from '../../errors.ts'
import { formatShape } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { describeFailure, exitCodeOf, exitCodes, ReaderLeft, UsageError } from '../exit.ts'
import { labelOf, readBytes } from '../files/content.ts'
import { sourcesOf, standardStream } from '../files/inputs.ts'
import { assertWritable, writeFiles } from '../files/write-files.ts'
import { type Io, print, say } from '../io.ts'
import { printable, printableJson } from '../printable.ts'
import { reportVersion } from '../report/file-report.ts'
import { fileNameOf } from './onnx-file-name.ts'
import { listingLines } from './onnx-listing.ts'

export interface OnnxFlags {
  readonly output?: string
  readonly like?: 'onnxruntime'
  readonly choose?: Choices
  readonly force?: true
  readonly json?: true
  readonly quiet?: true
}

export function onnxCommand(): Command {
  return new Command('pool2d onnx')
    .usage('MODEL.onnx INPUT... -o DIR [options]\n       pool2d onnx MODEL.onnx [--json]')
    .description(
      "Runs a model made of ONNX's pooling operators. Without inputs, lists the pooling nodes of any model: shapes,\n" +
        'cost, and what other runtimes get wrong about them.',
    )
    .argument('<model>', 'a .onnx file, or - for standard input')
    .argument(
      '[input...]',
      "the graph's inputs in order: .npy files, or TensorProto as in ONNX's tests (.pb)",
    )
    .optionsGroup('Files:')
    .option('-o, --output <dir>', 'the folder for the outputs, each as NAME.npy')
    .option('--force', 'replace existing files (never an input)')
    .optionsGroup('Choices:')
    .option('--like <runtime>', 'decide as onnxruntime does where runtimes disagree', parseRuntime)
    .option('--choose <name=value>', 'one such decision, such as partialNorm=scaled; repeatable', parseChoice)
    .optionsGroup('Reports:')
    .option('--json', 'report as JSON on standard output')
    .option('--quiet', 'print errors only')
    .addHelpText('after', helpText)
}

/** Loaded on first use, so that the other commands start without it. */
const loadAdapter = () => import('../../adapters/onnx/index.ts')

const helpText = `
Choices: validCeil=apply|ignore sameWindow=dilated|undilated partialNorm=norm|scaled widePads=allow|refuse
  shortInput=refuse|truncate unpoolIndices=output|inferred exact=false|true; the first is the default.
External data is never read. In file names, letters, digits and . _ - of an output's name are kept; all other
  characters are percent-encoded.

Exit codes:
  0 done   1 failure   2 usage   4 would overwrite   130 interrupted

Examples:
  pool2d onnx model.onnx x.npy -o outputs
  pool2d onnx model.onnx`

/** @throws UsageError before any file is touched */
export async function onnx(
  name: string,
  inputs: readonly string[],
  flags: OnnxFlags,
  io: Io,
): Promise<number> {
  const isRun = inputs.length > 0 || flags.output !== undefined
  if (isRun && flags.output === undefined) throw new UsageError('the outputs need a folder; give -o DIR')
  if (!isRun && flags.force) throw new UsageError('--force has a meaning with -o only')
  if ([name, ...inputs].filter((file) => file === standardStream).length > 1)
    throw new UsageError('standard input (-) can be read once only')
  const { onnxRuntimeChoices } = await loadAdapter()
  const choices = { ...(flags.like && onnxRuntimeChoices), ...flags.choose }
  try {
    return isRun ? await run(name, inputs, choices, flags, io) : await list(name, choices, flags, io)
  } catch (error) {
    if (error instanceof ReaderLeft) throw error
    const failure = describeFailure(error)
    const isChoice = error instanceof PoolError && Object.hasOwn(choices, String(error.details.argument))
    const hint = isChoice ? ' (pool2d onnx --help lists the choices)' : ''
    await say(io, `pool2d: ${printable(failure.message)}${hint}\n`)
    if (flags.json) await writeJson(io, { model: name, error: failure }).catch(() => undefined)
    return isChoice ? exitCodes.usage : exitCodeOf([failure.code])
  }
}

async function list(name: string, choices: Choices, { json, quiet }: OnnxFlags, io: Io): Promise<number> {
  const { listPoolings, parseModel } = await loadAdapter()
  const model = parseModel(await readBytes({ name, io }), labelOf(name))
  const nodes = listPoolings(model, choices)
  if (json) await writeJson(io, { model: name, opset: model.opset, nodes, error: null })
  else if (!quiet) await print(io, `${listingLines(model, nodes).map(printable).join('\n')}\n`)
  return exitCodes.ok
}

async function run(
  name: string,
  inputs: readonly string[],
  choices: Choices,
  flags: OnnxFlags,
  io: Io,
): Promise<number> {
  const { parseModel, runModel } = await loadAdapter()
  const model = parseModel(await readBytes({ name, io }), labelOf(name))
  const files = filesOf(model, flags.output!)
  const force = flags.force === true
  const sources = sourcesOf([name, ...inputs], io)
  for (const file of files) assertWritable(resolve(io.cwd, file), file, sources, force)
  const tensors: Tensor[] = []
  for (const input of inputs) tensors.push(await readInput(input, io))
  const results = [...runModel(model, tensors, choices)]
  await writeFiles(
    results.map(([, tensor], i) => ({
      path: resolve(io.cwd, files[i]!),
      label: files[i]!,
      bytes: formatNpy(tensor),
    })),
    { force, folders: [resolve(io.cwd, flags.output!)] },
  )
  await report(
    name,
    results.map(([output, { dtype, shape }], i) => ({ name: output, file: files[i]!, dtype, shape })),
    flags,
    io,
  )
  return exitCodes.ok
}

/** @throws PoolError "BAD_FORMAT" if two outputs would share a file */
function filesOf(model: OnnxModel, folder: string): readonly string[] {
  const files = model.outputs.map((output) => join(folder, fileNameOf(output.name)))
  const seen = new Set<string>()
  const twice = files.find((file) => seen.size === seen.add(file).size)
  if (twice === undefined) return files
  throw new PoolError(
    'BAD_FORMAT',
    `${model.file}: two outputs have the name of ${twice}; each needs its own`,
    {
      op: model.file,
    },
  )
}

async function readInput(name: string, io: Io): Promise<Tensor> {
  const bytes = await readBytes({ name, io })
  if (isNpy(bytes) || name.endsWith('.npy')) return parseNpy(bytes, labelOf(name))
  const { parseTensor } = await loadAdapter()
  return parseTensor(bytes, labelOf(name))
}

interface WrittenOutput {
  readonly name: string
  readonly file: string
  readonly dtype: string
  readonly shape: readonly number[]
}

async function report(
  model: string,
  outputs: readonly WrittenOutput[],
  { json, quiet }: OnnxFlags,
  io: Io,
): Promise<void> {
  if (json) return writeJson(io, { model, outputs, error: null })
  if (quiet) return
  const lines = outputs.map(
    ({ name, file, dtype, shape }) => `${name} ${formatShape(shape)} ${dtype} -> ${file}`,
  )
  await say(io, `${lines.map(printable).join('\n')}\n`)
}

function writeJson(io: Io, record: object): Promise<void> {
  return print(io, `${printableJson({ version: reportVersion, ...record })}\n`)
}

function parseRuntime(text: string): 'onnxruntime' {
  if (text === 'onnxruntime') return text
  throw new InvalidArgumentError('Expected onnxruntime.')
}

function parseChoice(text: string, previous: Choices = {}): Choices {
  const [name = '', value, ...rest] = text.split('=')
  if (value === undefined || rest.length > 0)
    throw new InvalidArgumentError('Expected name=value, as partialNorm=scaled.')
  const isFlag = value === 'true' || value === 'false'
  return { ...previous, [name]: isFlag ? value === 'true' : value }
}
