/**
 * @file Counts the WebAssembly instructions that a call executes: a module adds the length of each straight piece of its
 * code to two counters, one of vector and one of scalar instructions.
 */
import binaryen from 'binaryen'

export interface Instructions {
  readonly vector: number
  readonly scalar: number
}

type Kind = keyof Instructions

/** Names, values and the nesting of blocks cost nothing once compiled. */
const free = /^(local\.|global\.|end$|block|loop|drop|nop|unreachable|(v128|[if](32|64))\.const)/
/** Where a straight piece of code ends: another piece may follow, or this one may be entered again. */
const boundary = /^(loop|block|if|else|end|br|br_if|br_table|return|unreachable|call|call_indirect)\b/
const vector = /^(v128|[if]\d+x\d+)\./

const kinds: readonly Kind[] = ['vector', 'scalar']

type Counters = { readonly [K in Kind]: WebAssembly.Global }

const counters: Counters[] = []

/** Makes every module that is compiled from now on count. */
export function countEveryModule(): void {
  WebAssembly.Module = new Proxy(WebAssembly.Module, {
    construct: (target, [bytes]) => new target(withCounters(new Uint8Array(bytes))),
  })
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, [module, imports]) {
      const instance = new target(module, imports)
      counters.push(instance.exports as Counters)
      return instance
    },
  })
}

/** Runs a call and gives the number of instructions that it executed, of all modules together. */
export function countInstructions(run: () => void): Instructions {
  for (const globals of counters) for (const kind of kinds) globals[kind].value = 0n
  run()
  const [vector, scalar] = kinds.map((kind) =>
    counters.reduce((total, globals) => total + Number(globals[kind].value), 0),
  )
  return { vector: vector!, scalar: scalar! }
}

/** The module with two exported counters. */
export function withCounters(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const module = binaryen.readBinary(bytes)
  module.setFeatures(binaryen.Features.All)
  const text = module.emitStackIR()
  module.dispose()
  const counted = binaryen.parseText(addCounters(text))
  counted.setFeatures(binaryen.Features.All)
  const binary = counted.emitBinary()
  counted.dispose()
  return new Uint8Array(binary)
}

/** In Binaryen's text of a stack machine each instruction has its own line. */
function addCounters(text: string): string {
  const lines: string[] = []
  let piece: Record<Kind, number> = { vector: 0, scalar: 0 }
  let inFunction = false
  for (const line of text.split('\n')) {
    const instruction = line.trimStart()
    if (line.startsWith(' (func ')) inFunction = true
    if (inFunction && !instruction.startsWith('(')) {
      const ends = instruction === ')' || boundary.test(instruction)
      if (instruction !== ')' && !free.test(instruction))
        piece[vector.test(instruction) ? 'vector' : 'scalar']++
      if (ends) {
        lines.push(...additions(piece))
        piece = { vector: 0, scalar: 0 }
      }
      if (instruction === ')') inFunction = false
    }
    lines.push(line)
  }
  const globals = kinds.map((kind) => ` (global $${kind} (export "${kind}") (mut i64) (i64.const 0))`)
  return lines.join('\n').replace(/\)\s*$/, `${globals.join('\n')}\n)`)
}

function additions(piece: Record<Kind, number>): string[] {
  return kinds
    .filter((kind) => piece[kind] > 0)
    .flatMap((kind) => [`global.get $${kind}`, `i64.const ${piece[kind]}`, 'i64.add', `global.set $${kind}`])
}
