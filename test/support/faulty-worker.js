/**
 * @file Runs the package's worker script with patched globals, so that it fails once at a chosen point.
 */
import { workerData } from 'node:worker_threads'

const { script, fault, fired } = workerData
const when = {
  'exits before it is ready': () => leave(),
  'throws before it is ready': () => fail(),
  'is never ready': () => setInterval(() => {}, 1000),
  'exits while it waits': () => before(Atomics, 'wait', leave),
  'exits as it joins': () => before(Atomics, 'store', leave, ([, , value]) => value !== 0),
  'exits before it is done': () => before(Atomics, 'store', leave, ([, , value]) => value === 0),
  'exits in a kernel': () => inKernels(leave),
  'throws in a kernel': () => inKernels(fail),
  'hangs in a kernel': () => inKernels(hang),
}

function mark() {
  Atomics.add(fired, 0, 1)
}

function leave() {
  mark()
  process.exit(3)
}

function fail() {
  mark()
  throw new Error('a fault put in on purpose')
}

function hang() {
  mark()
  for (;;);
}

/** Has `act` run before the first call that `matters`. */
function before(object, name, act, matters = () => true) {
  const original = object[name]
  object[name] = (...args) => {
    if (matters(args)) act()
    return original.apply(object, args)
  }
}

/** Lets kernels process half of their planes before the fault, so that outputs are partly written. */
function inKernels(act) {
  const { Instance } = WebAssembly
  WebAssembly.Instance = class {
    constructor(module, imports) {
      const { exports } = new Instance(module, imports)
      this.exports = Object.fromEntries(
        Object.entries(exports).map(([name, value]) => [
          name,
          /^(pool2x2s2|scatter)/.test(name) ? half(value, imports.env.memory) : value,
        ]),
      )
    }
  }
  function half(run, memory) {
    return (block) => {
      // The number of planes follows three pointers.
      new Int32Array(memory.buffer, block)[3] >>= 1
      run(block)
      act()
    }
  }
}

when[fault]?.()
if (fault !== 'is never ready') await import(script)
