import type { CredentialFacts } from "../../boundary/boundary.ts";
import { assumed, defaulted } from "../../boundary/fact.ts";
import type { Setting } from "./setting.ts";
import { followsFrom, fromSaid } from "./setting.ts";

// Whole words between underscores, so that TOKENIZER and PASSTHROUGH are none.
const secretWord =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|PWD|PASS|SECRET|SECRETS|TOKEN|CREDENTIAL|CREDENTIALS|APIKEY|DSN|AUTH)(_|\d*$)/;
const secretName =
  /(^|_)(API|ACCESS|SECRET|PRIVATE|ENCRYPTION|SIGNING|MASTER|AUTH|SSH|DEPLOY|LICENSE|ACCOUNT|STORAGE|SESSION)_?KEY(_|$)|^AWS_(ACCESS|SECRET|SESSION)|(DATABASE|DB|REDIS|MONGO\w*|POSTGRES\w*|MYSQL|AMQP|RABBITMQ|CELERY_BROKER|BROKER)_(URL|URI)$|CONNECTION_?STRING|CONNSTR/;
// Names that speak of a credential without being one: where it is, how it behaves, the half that may be known.
const notASecret =
  /_(FILE|PATH|DIR|NAME|TTL|EXPIRY|EXPIRES|EXPIRATION|LENGTH|MAX_AGE|AGE|ENABLED|TYPE|ALGORITHM|METHOD|HEADER|ENDPOINT|ISSUER|AUDIENCE|HOST|PORT|MODE|REGION|USER|USERNAME)$|PUBLIC_KEY|^(PWD|OLDPWD|SSH_AUTH_SOCK)$|ALLOW_EMPTY_PASSWORD|RANDOM_ROOT_PASSWORD|^(NO|SKIP|DISABLE|ENABLE)_/;

/** Whether the name of an environment variable looks like that of a credential. */
export function looksLikeCredential(name: string): boolean {
  if (name.length > 256) return false;
  const upper = name.toUpperCase().replaceAll(/[-.]/g, "_");
  return !notASecret.test(upper) && (secretWord.test(upper) || secretName.test(upper));
}

/** Credentials that are within reach of the workload. Names only: no value is ever kept. */
export function credentialFacts(setting: Setting): CredentialFacts {
  const { spec, kubelet, by } = setting;
  const named = (spec.environment ?? []).filter((said) => looksLikeCredential(said.value.name));
  return {
    serviceAccountToken:
      spec.serviceAccountToken ??
      defaulted(kubelet !== undefined, kubelet ? "automountServiceAccountToken" : by),
    serviceAccount: spec.serviceAccount ?? null,
    rights: rightsOf(setting),
    environment: named.map((said) => followsFrom(said, said.value.name)),
    secrets: (spec.secrets ?? []).map(fromSaid),
  };
}

/**
 * What the token may do. A manifest that comes without any RBAC object that names its account says nothing of it: then no
 * right is assumed, the evidence says so, and the blast radius shows the token. A binding whose role is missing is unknown.
 */
function rightsOf({ spec, kubelet, by, context }: Setting): CredentialFacts["rights"] {
  if (!kubelet) return defaulted([], by);
  if (spec.rights && context.assume.get("rbac") === "unknown") return spec.rights;
  if (spec.rights && (spec.rights.known || spec.rights.candidates !== undefined)) return spec.rights;
  return assumed([], "no RBAC object in the input names the service account");
}
