/**
 * @file The script of a worker: takes its place in the shared memory, says that it is ready, and joins jobs until told to stop.
 */
import { Machine, ScratchFull } from '../wasm/machine.ts'
import { rows } from '../wasm/rows.ts'
import { Control } from './control.ts'
import { readJob } from './message.ts'

/** What a worker is sent first. */
export interface Post {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Its scratch, `[from, to)`. */
  readonly from: number
  readonly to: number
  /** Where the control words lie, for how many workers, and which of them this one is. */
  readonly control: number
  readonly workers: number
  readonly worker: number
}

interface Port {
  onmessage: ((event: { readonly data: Post }) => void) | null
  postMessage(message: 'ready'): void
  close?(): void
}

/** A web worker's own scope, or what Node has instead. */
function port(): Port {
  const node = (globalThis as { process?: NodeJS.Process }).process?.getBuiltinModule?.('node:worker_threads')
  return (node?.parentPort ?? globalThis) as unknown as Port
}

const parent = port()
parent.onmessage = ({ data }) => {
  parent.onmessage = null
  const { module, memory, from, to, control: at, workers } = data
  const machine = new Machine(module, { memory, from, to })
  const control = new Control(memory.buffer, at, workers)
  const seen = control.generation
  parent.postMessage('ready')
  serve(machine, control, data.worker, seen)
  parent.close?.()
}

function serve(machine: Machine, control: Control, worker: number, seen: number): void {
  let last = seen
  for (;;) {
    const generation = control.nextJob(last)
    if (generation === 0) return
    last = generation
    if (!control.join(worker, generation)) continue
    try {
      help(machine, control, worker, generation)
    } finally {
      control.leave(worker)
    }
  }
}

/** A job that the scratch is too small for is so for the caller too. Other errors end the worker. */
function help(machine: Machine, control: Control, worker: number, generation: number): void {
  const job = readJob(machine.memory.buffer, control.messageAt)
  const row = rows.find(({ reducer, pass }) => reducer === job.reducer && pass === job.pass)!
  machine.share = function* (tiles) {
    for (const tile of control.claim(generation, tiles, () => {})) {
      yield tile
      control.advance(worker)
    }
  }
  try {
    row.run(machine, job)
  } catch (error) {
    if (!(error instanceof ScratchFull)) throw error
  }
}
