/**
 * @file The values that the nodes of a graph see by name: the graph's own, then those of the graphs around it.
 */
import { type Fact, merged, unknown } from './fact.ts'

/** Where knowledge ends: the node or input that gives no more, in words, once they are asked for. */
export type Stop = () => string

export interface Known extends Fact {
  /** Null where nothing is missing. */
  readonly stop: Stop | null
}

export class Scope {
  private readonly values = new Map<string, Known>()
  private readonly declared = new Map<string, Fact>()
  private readonly outer: Scope | null

  constructor(outer: Scope | null = null) {
    this.outer = outer
  }

  /** What the model says of a value, whichever node gives it. */
  declare(name: string, fact: Fact): void {
    this.declared.set(name, fact)
  }

  declaredAs(name: string): Fact | undefined {
    return this.declared.get(name)
  }

  set(name: string, { stop, ...fact }: Known): void {
    this.values.set(name, { ...merged(this.declared.get(name), fact), stop })
  }

  get(name: string): Known {
    for (let scope: Scope | null = this; scope !== null; scope = scope.outer) {
      const value = scope.values.get(name)
      if (value !== undefined) return value
      const declared = scope.declared.get(name)
      if (declared !== undefined) return { ...declared, stop: () => noGiver(name) }
    }
    return { ...unknown, stop: () => noGiver(name) }
  }
}

function noGiver(name: string): string {
  return `${JSON.stringify(name.slice(0, 80))}: no earlier node gives it`
}
