import tseslint from "typescript-eslint";

// eslint and vitest read their configuration from a default export: the two files that have one.
export default tseslint.config(
  { ignores: ["dist", "coverage", "docs", "tools", "**/*.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 12],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreVoidReturningFunctions: true }],
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      "no-console": "error",
      "no-control-regex": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Use a named export." },
        { selector: "TSEnumDeclaration", message: "Use a union of literals." },
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            { name: "node:child_process", message: "Only src/containment and src/observe start processes." },
          ],
        },
      ],
    },
  },
  { files: ["src/observe/**", "src/containment/**"], rules: { "no-restricted-imports": "off" } },
  {
    files: ["tests/**", "scripts/**", "bench/**", "**/*.config.*", "*.js", ".*.mjs"],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ["tests/**", "scripts/**", "bench/**", "**/*.config.*", ".*.mjs"],
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      "@typescript-eslint/switch-exhaustiveness-check": "off",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "no-restricted-syntax": "off",
      "no-restricted-imports": "off",
      "no-console": "off",
    },
  },
);
