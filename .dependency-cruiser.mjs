// The layers, once, in order: each may use only what stands before it. Siblings do not import each other.
const layers = ["base", "boundary", "seccomp", "conditions", "knowledge", "engine"];
const siblings = ["sources", "reporters", "observe", "fix", "containment"];
const top = ["cli", "server"];

const downward = (layer, lower) => ({
  name: `${layer}-imports-downward`,
  severity: "error",
  comment: "Each layer may use only what lies below it: see ARCHITECTURE.md.",
  from: { path: `^src/${layer}/` },
  to: { path: "^src/", pathNot: `^src/(${[layer, ...lower].join("|")})/` },
});

const configuration = {
  forbidden: [
    ...layers.map((layer, i) => downward(layer, layers.slice(0, i))),
    // Feeds bring facts to the knowledge; the engine sees only what came of them.
    downward("feeds", layers.slice(0, layers.indexOf("engine"))),
    ...siblings.map((layer) => downward(layer, layers)),
    {
      name: "cli-is-on-top",
      severity: "error",
      comment: "Nothing but the command itself imports the command line: the library must not depend on it.",
      from: { path: "^src/", pathNot: `^src/(${top.join("|")})/` },
      to: { path: `^src/(${top.join("|")})/` },
    },
    {
      name: "no-circular",
      severity: "error",
      comment: "A cycle means that two files are one thing.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "restrict-fs-access",
      severity: "error",
      comment: "The engine and what it rests on are pure: they run in a browser and are tested by property.",
      from: { path: "^src/(base|boundary|seccomp|conditions|engine|reporters)/" },
      to: {
        path: "^(node:)?(fs|child_process|net|http|https|os|worker_threads)$",
        dependencyTypes: ["core"],
      },
    },
    {
      name: "not-to-dev-dep",
      severity: "error",
      comment: "What ships may use only what is installed with it.",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "not-to-tests",
      severity: "error",
      comment: "Tests are for us, not for the product.",
      from: { path: "^src/" },
      to: { path: "^tests/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
// dependency-cruiser reads its configuration from the default export.
export default configuration;
