/**
 * @file Values by name, as visible to the nodes of a graph: the graph's own, then those of enclosing graphs.
 */
import { type Fact, merged, unknown } from './fact.ts'

/** Describes the node or input that makes a value unknown. A function, so that the text is built only if needed. */
export type Stop = () => string

export interface Known extends Fact {
  /** Null if the fact is complete. */
  readonly stop: Stop | null
}

export class Scope {
  private readonly values = new Map<string, Known>()
  private readonly declared = new Map<string, Fact>()
  private readonly outer: Scope | null

  constructor(outer: Scope | null = null) {
    this.outer = outer
  }

  /** Records the model's declaration of a value. */
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
