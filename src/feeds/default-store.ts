/**
 * Where feeds are kept unless somebody says otherwise: `$XDG_DATA_HOME/holdfast/feeds`; undefined where nothing says where a user's
 * data is. On its own, for every scan asks, and most have no store.
 */
export function defaultStore(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { XDG_DATA_HOME: data = "", HOME: home = "" } = environment;
  if (data.startsWith("/")) return `${data}/holdfast/feeds`;
  return home.startsWith("/") ? `${home}/.local/share/holdfast/feeds` : undefined;
}
