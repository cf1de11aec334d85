# A remote state with a lock. GitLab offers such a backend. The pipeline sets its
# addresses and passwords in TF_HTTP_… variables.
terraform {
  backend "http" {}
}
