/**
 * @file Loaded before the program (`--import`): ends it, as kill -9 does, at the step that POOL2D_END_AT names; "write:3" the third time.
 *
 * "read": an object of the input, from a folder `source`, is about to be opened. "pool": a kernel is called. "write": half of an object
 * is written. "move", "moved": it is about to be in place, and there. "record", "recorded": likewise a part of the manifest. "next": the
 * next task after one that was recorded has begun. "mark", "marked": likewise the metadata of the group.
 *
 * "stall" ends nothing: a thread beside the first stops for ever at a call of a kernel, timers of a second and more never ring, and the
 * program says when it stalls and when signals come.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { promisify } from 'node:util'
import { BroadcastChannel, isMainThread } from 'node:worker_threads'

const [step, times = '1'] = process.env.POOL2D_END_AT.split(':')
let left = Number(times)
const isReached = (name) => name === step && --left === 0

function stop() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

function die() {
  process.kill(process.pid, 'SIGKILL')
  stop()
}

function at(name) {
  if (isReached(name)) die()
}

/** Tells other threads that a task was recorded. */
const recorded = new BroadcastChannel('recorded')
let isRecorded = false
recorded.onmessage = () => {
  isRecorded = true
}
recorded.unref()

const targets = [
  [/\/\.pool2d\/manifest\//, 'record', 'recorded'],
  [/\/\d+\/c\//, 'move', 'moved'],
  [/\/[^/\d]+\/zarr\.json$/, 'mark', 'marked'],
]
const { openSync, writeSync, renameSync } = fs
const staged = new Set()

fs.openSync = (path, flags, ...rest) => {
  if (/\/source\/.*\/c\//.test(path)) {
    at('read')
    if (isRecorded) at('next')
  }
  const file = openSync(path, flags, ...rest)
  if (flags === 'wx') staged.add(file)
  else staged.delete(file)
  return file
}
fs.writeSync = (file, bytes, offset, length, position) => {
  const isObject = staged.has(file) && bytes[0] !== '{'.charCodeAt(0)
  if (isObject && isReached('write')) {
    writeSync(file, bytes, offset, length >> 1, position)
    die()
  }
  return writeSync(file, bytes, offset, length, position)
}
fs.renameSync = (from, to) => {
  const [, before, after] = targets.find(([pattern]) => pattern.test(to)) ?? []
  at(before)
  renameSync(from, to)
  at(after)
  if (after === 'recorded') recorded.postMessage('')
}
// The calls that are made where the disk is slow.
const later =
  (call) =>
  async (...words) =>
    call(...words)
fs.open[promisify.custom] = later(fs.openSync)
fs.write[promisify.custom] = async (...words) => ({ bytesWritten: fs.writeSync(...words) })
fs.rename[promisify.custom] = later(fs.renameSync)

const { Instance } = WebAssembly
WebAssembly.Instance = class {
  constructor(module, imports) {
    const { exports } = new Instance(module, imports)
    const called = ([name, value]) => {
      if (!/mean|average/i.test(name)) return [name, value]
      const call = (...words) => {
        at('pool')
        if (!isMainThread && isReached('stall')) {
          fs.writeSync(2, 'stalled\n')
          stop()
        }
        return value(...words)
      }
      return [name, call]
    }
    this.exports = Object.fromEntries(Object.entries(exports).map(called))
  }
}

if (step === 'stall' && isMainThread) {
  const long = 1000
  const { setTimeout } = globalThis
  globalThis.setTimeout = (act, time = 0, ...words) =>
    time < long ? setTimeout(act, time, ...words) : setTimeout(() => undefined, 2 ** 31 - 1)
  const sleep = timers.setTimeout
  timers.setTimeout = (time, ...words) => sleep(time < long ? time : 2 ** 31 - 1, ...words)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => fs.writeSync(2, `${signal} came\n`))
}
syncBuiltinESMExports()
