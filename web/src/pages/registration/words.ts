export const words = {
  mail: "Mail",
  password: "Password",
  newPassword: "New password",
  passwordHint: "At least 10 characters. Any will do.",

  login: "Sign in",
  forgot: "Forgot it?",
  noAccount: "No account yet?",

  register: "Make an account",
  invitation: "Invitation",
  invitationHint: "The code of the link that the administrator gave you.",
  closed: "Registration is closed on this server. Ask its administrator for an invitation.",
  haveAccount: "You have an account?",
  confirmSent: (name: string) =>
    `A mail is on its way to ${name}. Follow the link in it. If that address has an account already, the mail says so.`,

  reset: "Forgotten password",
  sendLink: "Send a link",
  resetSent: (name: string) => `If ${name} has an account here, a mail with a link is on its way.`,
  noMail: "This server sends no mail. Ask its administrator to run",
  noMailCommand: "s3zipper account reset-password YOUR_ADDRESS",

  choosePassword: "New password",
  savePassword: "Set the password",
  passwordText: "All other sessions of the account end.",

  confirm: "Confirm your address",
  confirmText: "One click, and your account is ready.",
  confirmAction: "Confirm",

  link: "Sign in by link",
  linkText: "This link works once.",

  noCode: "The link is incomplete: its code is missing. Copy the whole link from the mail, to its last character.",
};
