import binaryen from 'binaryen'
import { expect, it } from 'vitest'
import { withCounters } from '../../bench/surface/count-instructions.ts'

/** For each of n vectors: two loads, an addition and a store; the loop adds twice, compares and branches. A call to another function adds one. */
const text = `(module
  (memory 1)
  (func $one (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "run") (param $n i32)
    (local $i i32) (local $at i32)
    (loop $next
      (v128.store (local.get $at)
        (f32x4.add (v128.load (local.get $at)) (v128.load offset=16 (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (if (i32.gt_s (local.get $n) (i32.const 100))
      (then (i32.store (i32.const 0) (call $one (local.get $n)))))))`

const kinds = ['vector', 'scalar'] as const

function countOf(n: number): Record<string, number> {
  const module = binaryen.parseText(text)
  module.setFeatures(binaryen.Features.All)
  const counted = new WebAssembly.Module(withCounters(module.emitBinary()))
  const { run, ...globals } = new WebAssembly.Instance(counted).exports
  ;(run as (n: number) => void)(n)
  return Object.fromEntries(kinds.map((kind) => [kind, Number((globals[kind] as WebAssembly.Global).value)]))
}

it('counts what runs, by vectors and scalars', () => {
  expect(countOf(10)).toEqual({ vector: 4 * 10, scalar: 4 * 10 + 2 })
  const call = ['call', 'add', 'store'].length
  expect(countOf(101)).toEqual({ vector: 4 * 101, scalar: 4 * 101 + 2 + call })
})
