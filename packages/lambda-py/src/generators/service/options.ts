/** An environment variable that an option of the service adds to `Settings`. */
export interface OptionVariable {
  /** The variable's name, such as `PARTNER_HOST`. */
  readonly name: string;
  /** The name of the stack's parameter that sets it. */
  readonly parameter: string;
  readonly description: string;
  /** What the parameter has to match. */
  readonly pattern: string;
  /** The value in `local.env` and in the tests. */
  readonly local: string;
}

/** What `--httpClient` adds: the infrastructure sets these, and allows `ssm:GetParameter` on the second one's value. */
export const HTTP_CLIENT_VARIABLES: readonly OptionVariable[] = [
  {
    name: 'PARTNER_HOST',
    parameter: 'PartnerHost',
    description: 'The one host that the function may call',
    pattern: '^[a-z0-9.-]+$',
    local: 'partner.example.com',
  },
  {
    name: 'PARTNER_KEY_PARAMETER',
    parameter: 'PartnerKeyParameter',
    description: "The SSM parameter that holds the partner's API key",
    pattern: '^/[A-Za-z0-9/_.-]+$',
    local: '/partner/key',
  },
];
