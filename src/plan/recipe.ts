/**
 * @file Makes an axis plan from its recipe. Other threads are sent recipes instead of tables.
 */
import { planAdaptive } from './adaptive.ts'
import { type AxisPlan, planAxis, planRuns, type Recipe } from './axis.ts'

export function planFrom(recipe: Recipe): AxisPlan {
  if (recipe.kind === 'sliding') return planAxis(recipe, recipe.countPadding)
  if (recipe.kind === 'adaptive') return planAdaptive(recipe.inSize, recipe.outSize)
  return planRuns(recipe.inSize, recipe.window, recipe.starts)
}
