/** The form for the AWS credentials that the server shall keep. They are in its fields alone, until they are sent. */
import { useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/call";
import { Dialog } from "../../components/Dialog";
import { Field, TextField } from "../../components/Field";
import { Form } from "../../components/Form";
import { useToast } from "../../components/Toast";
import { words } from "./words";

const SECRET = { type: "password", autoComplete: "off", spellCheck: false } as const;
const PLAIN = { autoComplete: "off", autoCapitalize: "none", spellCheck: false } as const;

export function KeepCredentials({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const toast = useToast();
  const keep = async (values: Record<string, string>) => {
    await call("PUT /api/account/credentials", { body: bodyOf(values) });
    queries.removeQueries({ queryKey: ["buckets", "test"] });
    await queries.invalidateQueries({ queryKey: ["account"] });
    toast({ text: words.keptNow });
  };
  return (
    <Dialog title={words.keepTitle} isOpen={isOpen} onClose={onClose}>
      <Form submit={words.keepAction} onSubmit={keep} onDone={onClose} onCancel={onClose}>
        <Field name="credentials.accessKeyId" label={words.accessKeyId} {...PLAIN} required />
        <Field name="credentials.secretAccessKey" label={words.secretAccessKey} {...SECRET} required />
        <TextField name="buckets" label={words.buckets} hint={words.bucketsHint} {...PLAIN} />
        <details>
          <summary>{words.moreFields}</summary>
          <div className="stack">
            <Field name="region" label={words.region} hint={words.regionHint} {...PLAIN} />
            <Field name="endpoint" label={words.endpoint} hint={words.endpointHint} inputMode="url" {...PLAIN} />
            <Field
              name="credentials.sessionToken"
              label={words.sessionToken}
              hint={words.sessionTokenHint}
              {...SECRET}
            />
            <Field name="userSecret" label={words.userSecret} hint={words.userSecretHint} {...SECRET} />
          </div>
        </details>
      </Form>
    </Dialog>
  );
}

function bodyOf(values: Record<string, string>) {
  const { endpoint = "", region = "", userSecret = "" } = values;
  return {
    ...(userSecret === "" ? {} : { userSecret }),
    credentials: {
      accessKeyId: (values["credentials.accessKeyId"] ?? "").trim(),
      secretAccessKey: (values["credentials.secretAccessKey"] ?? "").trim(),
      sessionToken: (values["credentials.sessionToken"] ?? "").trim(),
    },
    endpoint: endpoint.trim(),
    region: region.trim(),
    buckets: (values.buckets ?? "").split(/\s+/).filter((name) => name !== ""),
  };
}
