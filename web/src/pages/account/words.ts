export const words = {
  title: "Account",
  settings: "Settings",
  openServer: "This server has no accounts. What you choose here stays in this browser.",
  administrator: "administrator",
  since: (day: string) => `since ${day}`,

  theme: "Theme",
  themes: { system: "As the system", light: "Light", dark: "Dark" },

  password: "Password",
  presentPassword: "Present password",
  newPassword: "New password",
  passwordHint: "At least 10 characters. Any will do.",
  changePassword: "Change the password",
  passwordChanged: "Password changed",
  wrongPassword: "This is not your present password.",

  sessions: "Sessions",
  browser: "Browser",
  address: "Address",
  signedIn: "Signed in",
  lastSeen: "Last seen",
  here: "This browser",
  end: "Sign out",
  ended: "Session ended",

  deletion: "Delete the account",
  deletionText:
    "Running zips stop, links end, and the AWS credentials that the server keeps are erased. Zips that are ready stay " +
    "in their buckets. Nobody can undo this.",
  deleteAction: "Delete the account",
  deleteTitle: "Delete the account?",
};
