/**
 * @file Hosts as network namespaces of this machine, each with a loopback and a cable to it of its own.
 */
import { spawnSync } from 'node:child_process'

function ip(...argv: string[]): void {
  const { error, status, stderr } = spawnSync('ip', argv)
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`ip ${argv.join(' ')}: ${String(stderr).trim()}`)
}

/** Why there can be no hosts here; undefined where there can. */
export function whyNoHosts(): string | undefined {
  const host = new NetworkHost(0)
  try {
    host.open()
    return undefined
  } catch (error) {
    return (error as Error).message
  } finally {
    host.close()
  }
}

export class NetworkHost {
  readonly #name: string
  readonly #cable: string
  readonly #address: string
  /** This machine, as the host sees it. */
  readonly gateway: string

  /** @param number  from 0 to 255, by which hosts differ */
  constructor(number: number) {
    this.#name = `pool2d-${process.pid}-${number}`
    this.#cable = `p2d${process.pid % 1e6}-${number}`
    // Addresses for tests between networks, RFC 2544.
    this.gateway = `198.18.${number}.1`
    this.#address = `198.18.${number}.2`
  }

  open(): void {
    ip('netns', 'add', this.#name)
    ip('link', 'add', this.#cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#name)
    ip('address', 'add', `${this.gateway}/30`, 'dev', this.#cable)
    ip('-n', this.#name, 'address', 'add', `${this.#address}/30`, 'dev', 'eth0')
    ip('link', 'set', this.#cable, 'up')
    for (const device of ['lo', 'eth0']) ip('-n', this.#name, 'link', 'set', device, 'up')
  }

  /** The words that run a program there. */
  words(...program: string[]): string[] {
    return ['ip', 'netns', 'exec', this.#name, ...program]
  }

  setCable(state: 'up' | 'down'): void {
    ip('link', 'set', this.#cable, state)
  }

  /** The cable goes with its end. */
  close(): void {
    spawnSync('ip', ['netns', 'delete', this.#name])
  }
}
