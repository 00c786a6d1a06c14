/** What is made of the routes and committed, and so is out of date after every new one. */
const madeOfRoutes = ['openapi', 'clients'];

/** What is left to do: what is made of the routes comes before the last step, which tests all of it. */
export function nextSteps(draft, steps) {
  const { scripts } = draft.readJson('package.json');
  const made = madeOfRoutes.filter((name) => name in scripts).map((name) => `npm run ${name}`);
  return ['Next:', ...[...steps.slice(0, -1), ...made, ...steps.slice(-1)].map((step) => `  ${step}`)];
}
