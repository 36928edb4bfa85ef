ACR=youruniquename
az aks update --resource-group rg --name prod --attach-acr "$ACR"
# az aks update --attach-acr secondregistry
