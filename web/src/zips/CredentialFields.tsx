/** Fields for the credentials of one zip. They live in these fields alone: never in storage, an address or a cache. */
import { Field } from "../components/Field";

const SECRET = { type: "password", autoComplete: "off", spellCheck: false } as const;
const PLAIN = { autoComplete: "off", autoCapitalize: "none", spellCheck: false } as const;

export function CredentialFields() {
  return (
    <>
      <Field name="credentials.accessKeyId" label="Access key id" {...PLAIN} required />
      <Field name="credentials.secretAccessKey" label="Secret access key" {...SECRET} required />
      <Field
        name="credentials.sessionToken"
        label="Session token"
        hint="Only for temporary credentials."
        {...SECRET}
      />
    </>
  );
}

/** The credentials that a form with these fields has. */
export function credentialsIn(values: Record<string, string>) {
  return {
    accessKeyId: (values["credentials.accessKeyId"] ?? "").trim(),
    secretAccessKey: (values["credentials.secretAccessKey"] ?? "").trim(),
    sessionToken: (values["credentials.sessionToken"] ?? "").trim(),
  };
}
