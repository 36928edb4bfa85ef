# shellcheck shell=bash
# Calls of kubectl, and what their failures mean.

# Sets cause and class by what kubectl said: words. Shows no text of an object.
explain_kubernetes() {
  local context="${kubectl[2]-}" rest what
  case "${words}" in
    *'context "'*'" does not exist'* | *"no configuration has been provided"* | *"couldn't get current server API group list"*localhost:8080*)
      class="${not_found}"
      explain_context "${context}"
      ;;
    *"(Unauthorized)"* | *"You must be logged in"* | *"must be logged in to the server"* | *"provide credentials"* | *"getting credentials"*)
      class="${signed_out}"
      cause="the API server of context ${context} does not accept your login: ${cluster_login}"
      ;;
    *"exceeded quota"*)
      class="${refused}"
      cause="a quota of the namespace refuses the object: raise it, or remove unused objects"
      ;;
    *"admission webhook"* | *"ValidatingAdmissionPolicy"*)
      class="${refused}"
      cause="a policy of the cluster refuses the object: see the message above"
      ;;
    *"(Forbidden)"*" cannot "*' resource "'*)
      class="${forbidden}"
      rest="${words#* cannot }"
      what="${rest#*resource \"}"
      cause="you cannot ${rest%% *} ${what%%\"*}"
      if [[ "${rest}" == *'in the namespace "'* ]]; then
        rest="${rest#*in the namespace \"}"
        cause+=" in namespace ${rest%%\"*}"
      fi
      cause+=": ask for a role that allows it"
      ;;
    *"executable "*" not found"*)
      class="${signed_out}"
      cause="the kubeconfig runs a program that is not installed, to log in to context ${context}: install it (for AKS: az aks install-cli, kubelogin)"
      ;;
    *"x509: "* | *"certificate signed by unknown authority"*)
      class="${unreachable}"
      cause="the certificate of the API server of context ${context} is not the one of the kubeconfig: ${cluster_login}"
      ;;
    *"(NotFound): namespaces \""*)
      class="${not_found}"
      rest="${words#*\(NotFound\): namespaces \"}"
      cause="namespace ${rest%%\"*} does not exist: create it first"
      ;;
    *"connection refused"* | *"no such host"* | *"i/o timeout"* | *"Unable to connect to the server"* | *"was refused - did you specify"* | *"TLS handshake timeout"* | *"network is unreachable"* | *"context deadline exceeded"*)
      class="${unreachable}"
      cause="the API server of context ${context} cannot be reached: is the cluster running, and your network (VPN, authorized IP ranges) allowed?"
      ;;
    *"(Conflict)"*"the object has been modified"*)
      class="${refused}"
      cause="the object was changed meanwhile, by another run or by others: run again"
      ;;
    *"field is immutable when"*immutable*)
      class="${refused}"
      cause="Secret ${secret_name} is immutable: delete it, or choose another name in the config"
      ;;
    *"(TooManyRequests)"* | *"the server has received too many requests"*)
      class="${throttled}"
      cause="the API server of context ${context} has too many requests: run again later"
      ;;
    *) ;;
  esac
}

# Sets cause for a context that kubectl does not find.
explain_context() {
  local known
  known="$(kubectl config get-contexts --output=name 2>/dev/null)" || known=""
  if [[ -z "${known}" ]]; then
    cause="no kubeconfig was found, or it has no contexts: ${cluster_login}"
  else
    cause="the kubeconfig has no context $1: ${cluster_login}, or set context in the config"
  fi
}

# One object as JSON, or nothing if it does not exist. arguments: namespace, kind, name
read_object() {
  invoke "${kubectl[@]}" --namespace "$1" get "$2" "$3" --ignore-not-found --output json
}

need_kubectl() {
  local version
  need kubectl
  doing="reading the version of kubectl"
  version="$(invoke kubectl version --client --output json | jq -r '.clientVersion.gitVersion // "v0"')"
  need_version kubectl "${version#v}" 1.24
}
