/**
 * @file The arithmetic instructions of shaders, counted in the SPIR-V that Dawn compiles.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Arithmetic, comparisons, selections and conversions; reads, writes, addresses and jumps are none. */
const arithmetic =
  /^Op(I|F|S|U|Shift|Bitwise|Logical|Ord|Unord|Convert)(Add|Sub|Mul|Div|Mod|Rem|Negate|Equal|NotEqual|LessThan|LessThanEqual|GreaterThan|GreaterThanEqual|LeftLogical|RightLogical|RightArithmetic|And|Or|Xor|Not|SToF|UToF|FToS|FToU)\b|^Op(Not|Select|ExtInst|BitCount|SNegate|FNegate|UMulExtended|IAddCarry)\b/

/** Instructions by the number of loops around them. */
export type ByDepth = readonly number[]

interface Instruction {
  readonly depth: number
  /** The function that it calls; null for arithmetic. */
  readonly callee: string | null
}

/** @returns for each shader the instructions of its entry point, with those of the functions that it calls */
export function instructionsOf(codes: readonly string[]): readonly ByDepth[] {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'disassemble.js')],
    {
      input: JSON.stringify(codes),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  )
  if (status !== 0) throw new Error(stderr)
  return stdout.split('/* Dumped SPIRV disassembly */').slice(1).map(countsOf)
}

function countsOf(assembly: string): ByDepth {
  const functions = new Map<string, Instruction[]>()
  const entry = /OpEntryPoint GLCompute (%\S+)/.exec(assembly)![1]!
  let [body, ends] = [[] as Instruction[], [] as string[]]
  for (const line of assembly.split('\n')) {
    const [, result, op, rest] = /^\s*(?:(%\S+) = )?(Op\w+)\s*(.*)$/.exec(line) ?? []
    if (op === undefined) continue
    if (op === 'OpFunction') {
      ;[body, ends] = [[], []]
      functions.set(result!, body)
    }
    /** A loop ends at the label that its header names. */
    if (op === 'OpLabel' && ends.at(-1) === result) ends.pop()
    if (op === 'OpLoopMerge') ends.push(rest!.split(' ')[0]!)
    if (op === 'OpFunctionCall') body.push({ depth: ends.length, callee: rest!.split(' ')[1]! })
    else if (arithmetic.test(op)) body.push({ depth: ends.length, callee: null })
  }
  return totalOf(functions, entry)
}

function totalOf(functions: ReadonlyMap<string, readonly Instruction[]>, name: string): ByDepth {
  const total: number[] = []
  const add = (depth: number, count: number): void => {
    total[depth] = (total[depth] ?? 0) + count
  }
  for (const { depth, callee } of functions.get(name)!) {
    if (callee === null) add(depth, 1)
    else for (const [inner, count] of totalOf(functions, callee).entries()) add(depth + inner, count ?? 0)
  }
  return Array.from(total, (count) => count ?? 0)
}
