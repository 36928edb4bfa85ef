# shellcheck shell=bash
# The data plane of a registry: is a credential accepted? Credentials go through pipes alone: bash may
# keep a here-string in a file.

# A credential is JSON, {username, password}, until it is written: no line of text can be broken by it.
IFS= read -r -d '' jq_credential <<'JQ' || :
  def credential:
    if ([.username, .password] | all(type == "string" and . != "" and (test("[[:cntrl:]]") | not)))
      and (.username | contains(":") | not)
    then {username, password} else error("not a credential") end;
JQ
readonly jq_credential

# One option of curl: in its quotes, a backslash precedes a backslash or a quote.
IFS= read -r -d '' jq_curl <<'JQ' || :
  def curl_option(name):
    if test("[[:cntrl:]]") then error("not one line")
    else name + " = \"" + (split("\\") | join("\\\\") | split("\"") | join("\\\"")) + "\"" end;
JQ
readonly jq_curl

# curl with none of the user's own options, https alone, and no redirections. It waits and tries again
# if the registry has too many requests. After the answer comes a line with the HTTP status.
readonly curl=(curl -q --silent --fail --proto '=https' --max-time 30 --retry 3 --retry-max-time 120 --write-out '\n%{http_code}' --config -)

# The credential of the moment, and an access token got with it.
credential=""
access_token=""

# Sets answer to what curl's last line means, which is an HTTP status: ok, refused, blocked, busy, absent
# or unreachable; and explanation to the end of a sentence about the registry. argument: what curl printed
read_status() {
  local status
  status="$(printf '%s' "$1" | jq -Rrs 'split("\n")[-1]')"
  case "${status}" in
    200)
      answer=ok
      explanation="accepts the credential"
      ;;
    401)
      answer=refused
      explanation="rejects the credential"
      ;;
    403)
      answer=blocked
      explanation="refuses this network: allow it in the registry's network rules, or run this script where nodes pull"
      ;;
    404)
      answer=absent
      explanation="does not have this"
      ;;
    429 | 5??)
      answer=busy
      explanation="has too many requests or an error: run again in some minutes"
      ;;
    *)
      answer=unreachable
      explanation="cannot be reached: is it behind a private endpoint or a firewall? Run this script where nodes pull"
      ;;
  esac
}
answer=""
explanation=""

# Requests an access token with the credential on curl's input. Sets answer and access_token.
# arguments: login server, repository or nothing
ask_registry() {
  local url="https://$1/oauth2/token?service=$1" reply
  if [[ -n "$2" ]]; then
    url+="&scope=repository:$2:pull"
  fi
  access_token=""
  reply="$(printf '%s' "${credential}" | command jq -r --arg url "${url}" "${jq_credential}${jq_curl}"'
    credential | ($url | curl_option("url")), ("\(.username):\(.password)" | curl_option("user"))' 2>/dev/null |
    "${curl[@]}" 2>/dev/null)" || :
  read_status "${reply}"
  if [[ "${answer}" == ok ]]; then
    access_token="$(printf '%s' "${reply}" | command jq -Rers 'split("\n")[:-1] | join("\n") | fromjson | .access_token | select(test("\\A[A-Za-z0-9._~+/=-]+\\z"))' 2>/dev/null)" || access_token=""
    if [[ -z "${access_token}" ]]; then
      answer=unreachable
      explanation="gave no access token: is a proxy in between?"
    fi
  fi
}

# Whether a registry answers at all: it asks for a login. argument: place of the registry
check_reach() {
  local host="${registry_hosts[$1]}" reply
  doing="asking registry ${registry_names[$1]} at ${host}"
  reply="$(command jq -nr --arg url "https://${host}/v2/" "${jq_curl}"'$url | curl_option("url")' | "${curl[@]}" 2>/dev/null)" || :
  read_status "${reply}"
  case "${answer}" in
    ok | refused | absent) ;;
    *) die "registry ${registry_names[$1]} ${explanation}" ;;
  esac
}

# Splits the reference of an image. Sets image_host, image_repository and image_version.
split_image() {
  local rest
  image_host="${1%%/*}"
  rest="${1#*/}"
  image_repository="${rest%%@*}"
  image_version=latest
  case "${image_repository##*/}" in
    *:*)
      image_version="${image_repository##*:}"
      image_repository="${image_repository%:*}"
      ;;
    *) ;;
  esac
  if [[ "${rest}" == *@* ]]; then
    image_version="${rest#*@}"
  fi
}
image_host=""
image_repository=""
image_version=""

# Sets probe to a repository that the credential of a registry can pull, or to nothing.
# argument: place of the registry
find_probe() {
  local one
  probe=""
  if [[ -n "${credential_repositories[$1]}" ]]; then
    split "${credential_repositories[$1]}"
    for one in "${parts[@]}"; do
      if [[ "${one}" != *'*'* ]]; then
        probe="${one}"
        return
      fi
    done
  fi
  for one in ${images[@]+"${images[@]}"}; do
    split_image "${one}"
    if [[ "${image_host}" == "${registry_hosts[$1]}" ]]; then
      probe="${image_repository}"
      return
    fi
  done
}
probe=""

# Rejects a credential that no Secret can hold. argument: place of the registry
check_credential() {
  if ! credential="$(printf '%s' "${credential}" | command jq -ce "${jq_credential}"'credential' 2>/dev/null)"; then
    die "Azure returned no usable credential for ${registry_names[$1]}"
  fi
}

# Waits until the registry accepts the new credential: a new password of a used slot takes about a
# minute, a new role up to ten. argument: place of the registry
await_credential() {
  local name="${registry_names[$1]}" attempt most=18
  if [[ "${registry_role_new[$1]-}" == yes ]]; then
    most=66
  fi
  doing="waiting for registry ${name} to accept the new credential"
  find_probe "$1"
  for ((attempt = 1; attempt <= most; attempt++)); do
    ask_registry "${registry_hosts[$1]}" "${probe}"
    case "${answer}" in
      ok) return ;;
      blocked) break ;;
      *) ;;
    esac
    say "waiting for ${name} to accept the new credential (${attempt}/${most})"
    sleep 10
  done
  if [[ "${answer}" == refused && "${registry_role_new[$1]-}" == yes ]]; then
    die "registry ${name} does not accept the new credential yet: a new role can take ten minutes and more; run again with --apply in some minutes"
  fi
  die "registry ${name} ${explanation}, after a new credential was created; no Secret holds it yet"
}
