import { asSentence } from "../format/sentences";

/** An answer that is an error, or no answer at all. */
export class ApiError extends Error {
  /** The HTTP status; 0 if the server could not be reached. */
  readonly status: number;
  /** For how many seconds not to try again, where the server says so. */
  readonly retryAfterSeconds: number | undefined;

  /** The path of the field that is wrong, if one is. */
  readonly field: string | undefined;

  constructor(status: number, message: string, retryAfterSeconds?: number, field = fieldIn(status, message)) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.field = field;
  }
}

/** A 400 begins with its field: "target.key must end in .zip". */
function fieldIn(status: number, message: string): string | undefined {
  return status === 400 ? /^[a-z]\w*(\.\w+)*(?=:? )/.exec(message)?.[0] : undefined;
}

/** Makes the error of an answer whose status is none of success. */
export async function errorOf(response: Response): Promise<ApiError> {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const retryAfter = Number.isNaN(seconds) ? undefined : seconds;
  const body: unknown = await response.json().catch(() => undefined);
  const message = messageIn(body);
  return message === undefined
    ? new ApiError(response.status, `The server answered ${response.status}.`, retryAfter)
    : new ApiError(response.status, asSentence(message), retryAfter, fieldIn(response.status, message));
}

function messageIn(body: unknown): string | undefined {
  const message = (body as { message?: unknown } | undefined)?.message;
  return typeof message === "string" && message !== "" ? message : undefined;
}
