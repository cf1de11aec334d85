# usage: pipeline.sh plan|apply
#
# The pipeline sets RUNA_API_KEY, TF_VAR_environment and the TF_HTTP_… variables of the
# backend. CLI is terraform (the default) or tofu.
set -eu
cli=${CLI:-terraform}
umask 077 # a plan file holds e-mail addresses: only this user may read it

"$cli" init -input=false -reconfigure
case $1 in
plan) "$cli" plan -input=false -lock-timeout=10m -out=runa.tfplan ;;
apply) "$cli" apply -input=false -lock-timeout=10m runa.tfplan ;;
esac
